-- The playlists that changed last, each with what one sync found, and the first added and removed titles.
SELECT
    observed_at,
    playlist_id,
    name AS playlist,
    count(*) FILTER (change = 'added') AS added,
    count(*) FILTER (change = 'removed') AS removed,
    count(*) FILTER (change = 'moved') AS moved,
    coalesce((array_agg(title ORDER BY to_position) FILTER (change = 'added' AND title <> ''))[:3], []) AS came,
    coalesce((array_agg(title ORDER BY title) FILTER (change = 'removed' AND title <> ''))[:3], []) AS went
FROM changes
LEFT JOIN titles USING (item_uri)
LEFT JOIN playlists USING (playlist_id)
GROUP BY playlist_id, observed_at, playlist
ORDER BY observed_at DESC, playlist_id
LIMIT 12
