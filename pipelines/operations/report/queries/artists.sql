-- The artists who are credited on most entries.
SELECT
    coalesce(artist_id, artist_name) AS key,
    min(artist_name) AS artist,
    count(DISTINCT (playlist_id, present.position)) AS items,
    count(DISTINCT playlist_id) AS playlists
FROM present
JOIN track_artists ON track_uri = item_uri
WHERE artist_name <> ''
GROUP BY key
ORDER BY items DESC, playlists DESC, artist, key
LIMIT 15
