-- The playlists that left the library, and those whose newest state is the first without items, with their last size.
WITH states AS (
    SELECT
        playlist_id,
        observed_at,
        item_count,
        lag(item_count) OVER (PARTITION BY playlist_id ORDER BY observed_at) AS count_before
    FROM playlist_snapshots
    WHERE _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)
    QUALIFY row_number() OVER (PARTITION BY playlist_id, observed_at) = 1
),
latest AS (
    SELECT *
    FROM states
    QUALIFY row_number() OVER (PARTITION BY playlist_id ORDER BY observed_at DESC) = 1
)
SELECT playlist_id, name AS playlist, 'left' AS event, coalesce(item_count, items_total) AS items, left_at AS found_at
FROM playlists
LEFT JOIN latest USING (playlist_id)
WHERE in_library = false
UNION ALL
SELECT playlist_id, name, 'emptied', count_before, observed_at
FROM library
JOIN latest USING (playlist_id)
WHERE item_count = 0 AND count_before > 0
ORDER BY found_at DESC, playlist_id
LIMIT 50
