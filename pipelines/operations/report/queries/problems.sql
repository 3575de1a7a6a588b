-- What could not be read when it was last tried, including playlists that were never seen.
SELECT playlist_id, name AS playlist, latest.outcome, latest.message, latest.finished_at AS tried_at
FROM (
    SELECT *
    FROM playlist_reads
    QUALIFY row_number() OVER (PARTITION BY playlist_id ORDER BY finished_at DESC) = 1
) AS latest
LEFT JOIN playlists USING (playlist_id)
WHERE latest.outcome NOT IN ('read', 'metadata_only') AND in_library IS NOT false
ORDER BY tried_at DESC, playlist_id
LIMIT 100
