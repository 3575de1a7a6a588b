-- The genres of what is on playlists or saved, by the first artist of each.
WITH kept AS (
    SELECT item_uri FROM present
    UNION
    SELECT item_uri FROM saved_items WHERE collection = 'tracks'
)
SELECT genre, count(*) AS items, count(DISTINCT artist_id) AS artists
FROM kept
JOIN track_artists ON track_uri = item_uri AND track_artists.position = 0
JOIN artist_genres USING (artist_id)
GROUP BY genre
ORDER BY items DESC, genre
LIMIT 15
