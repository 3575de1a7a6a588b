-- The playlists that changed last, each with what one sync found.
SELECT
    observed_at,
    name AS playlist,
    count(*) FILTER (change = 'added') AS added,
    count(*) FILTER (change = 'removed') AS removed,
    count(*) FILTER (change = 'moved') AS moved
FROM changes
LEFT JOIN playlists USING (playlist_id)
GROUP BY playlist_id, observed_at, playlist
ORDER BY observed_at DESC, playlist_id
LIMIT 12
