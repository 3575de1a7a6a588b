-- An item now on a playlist, in words: ORDER BY playlist, place puts them in order. Playlists that left are left out.
WITH completed AS (
    SELECT load_id FROM _dlt_loads WHERE status = 0
),
latest AS (
    SELECT playlist_id, item_keys::BIGINT[] AS item_keys
    FROM playlist_snapshots
    WHERE _dlt_load_id IN (FROM completed)
    QUALIFY row_number() OVER (PARTITION BY playlist_id ORDER BY observed_at DESC) = 1
),
-- As in playlist_items, which would look at all additions once more than addition_details does.
listed AS (
    SELECT playlist_id, unnest(item_keys) AS item_key, generate_subscripts(item_keys, 1) AS place
    FROM latest
)
SELECT
    playlists.name AS playlist,
    listed.place,
    details.title,
    details.artists,
    details.first_artist,
    details.first_artist_id,
    details.album,
    details.released_on,
    details.duration,
    details.added_at,
    details.added_by,
    listed.playlist_id,
    details.item_uri,
    details.item_type,
    details.isrc
FROM listed
LEFT JOIN playlists ON playlists.playlist_id = listed.playlist_id
LEFT JOIN addition_details AS details
    ON details.playlist_id = listed.playlist_id AND details.item_key = listed.item_key
WHERE playlists.in_library IS NOT false
