-- An item that was on a playlist at a time, in words, as the last sync before it saw them.
-- Playlists have the names that they had then. Those that had left by then are left out.
WITH newest AS (
    SELECT playlist_id, item_keys
    FROM playlist_snapshots
    WHERE observed_at <= moment
    QUALIFY row_number() OVER (PARTITION BY playlist_id ORDER BY observed_at DESC) = 1
),
listed AS (
    SELECT playlist_id, item_key, CAST(position AS BIGINT) + 1 AS place
    FROM newest
    LATERAL VIEW posexplode(item_keys) entries AS position, item_key
),
described AS (
    SELECT playlist_id, name, in_library
    FROM playlist_descriptions
    WHERE observed_at <= moment
    QUALIFY row_number() OVER (PARTITION BY playlist_id ORDER BY observed_at DESC) = 1
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
