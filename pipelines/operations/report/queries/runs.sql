-- The last syncs.
SELECT started_at, finished_at, outcome, exit_code, playlists, read, failed, requests, new_items, removed_items,
    message
FROM runs
ORDER BY started_at DESC
LIMIT 10
