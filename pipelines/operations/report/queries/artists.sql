-- The artists who are credited on most entries.
SELECT
    any_value(artist_name) AS artist,
    count(DISTINCT (playlist_id, present.position)) AS items,
    count(DISTINCT playlist_id) AS playlists
FROM present
JOIN track_artists ON track_uri = item_uri
WHERE artist_name <> ''
GROUP BY coalesce(artist_id, artist_name)
ORDER BY items DESC, playlists DESC, artist
LIMIT 15
