-- Every playlist that is in the library, that left it, or that has a history, in the order of their stays' ids.
WITH wanted AS (
    SELECT playlist_id FROM library
    UNION
    SELECT playlist_id FROM stays
    UNION
    SELECT playlist_id FROM playlists WHERE in_library = false
),
observed AS (
    SELECT playlist_id, min(observed_at) AS began_at
    FROM playlist_snapshots
    WHERE _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)
    GROUP BY playlist_id
)
SELECT
    playlist_id AS id,
    playlists.name,
    coalesce(nullif(users.display_name, ''), owner_id) AS owner,
    playlists.description,
    access,
    playlist_id IN (SELECT playlist_id FROM library) AS listed,
    epoch_us(left_at) AS left_at,
    items_total AS total,
    epoch_us(began_at) AS began_at,
    epoch_us(last_read_at) // 60_000_000 AS read_at
FROM wanted
LEFT JOIN playlists USING (playlist_id)
LEFT JOIN users ON users.user_id = owner_id
LEFT JOIN observed USING (playlist_id)
ORDER BY playlist_id
