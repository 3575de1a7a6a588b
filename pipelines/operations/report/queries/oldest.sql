-- The longest-standing items, one of each playlist.
SELECT item_uri, title, makers, playlist_id, playlists.name AS playlist, added_at
FROM (
    SELECT *
    FROM present
    WHERE added_at IS NOT NULL AND item_uri IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY playlist_id ORDER BY added_at ASC, position) = 1
)
LEFT JOIN titles USING (item_uri)
LEFT JOIN playlists USING (playlist_id)
ORDER BY added_at ASC, playlist_id
LIMIT 10
