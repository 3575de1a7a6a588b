-- An item that was on a playlist at a time, in words, as the last sync before it saw them.
-- Playlists have the names that they had then. Those that had left by then are left out.
WITH completed AS (
    SELECT load_id FROM _dlt_loads WHERE status = 0
),
newest AS (
    SELECT DISTINCT ON (playlist_id) playlist_id, item_keys::JSONB AS item_keys
    FROM playlist_snapshots
    WHERE _dlt_load_id IN (SELECT load_id FROM completed) AND observed_at <= moment
    ORDER BY playlist_id, observed_at DESC
),
listed AS (
    SELECT playlist_id, entry.item_key::BIGINT AS item_key, entry.place
    FROM newest
    CROSS JOIN LATERAL jsonb_array_elements_text(item_keys) WITH ORDINALITY AS entry (item_key, place)
),
described AS (
    SELECT DISTINCT ON (playlist_id) playlist_id, name, in_library
    FROM playlist_descriptions
    WHERE _dlt_load_id IN (SELECT load_id FROM completed) AND observed_at <= moment
    ORDER BY playlist_id, observed_at DESC
)
SELECT
    coalesce(described.name, playlists.name) AS playlist,
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
LEFT JOIN described ON described.playlist_id = listed.playlist_id
LEFT JOIN playlists ON playlists.playlist_id = listed.playlist_id
LEFT JOIN addition_details AS details
    ON details.playlist_id = listed.playlist_id AND details.item_key = listed.item_key
WHERE described.in_library IS NOT false
