-- Changes of playlists' names and descriptions, and when they left the library and returned.
SELECT playlist_id, epoch_us(observed_at) // 60_000_000 AS changed_at, field, before, after
FROM playlist_description_changes
WHERE field IN ('name', 'description', 'in_library')
ORDER BY playlist_id, observed_at, field
