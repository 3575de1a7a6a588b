-- Every artist of an item that was ever on a playlist; `also` are other names in credits.
SELECT artist_key AS key, name, coalesce(also, '') AS also
FROM listed_artists
ORDER BY artist
