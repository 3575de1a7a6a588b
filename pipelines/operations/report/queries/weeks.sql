-- The newest weeks in which something was played, the newest first. Times before 2000 mean that the time is not known.
SELECT
    date_trunc('week', played_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS begins_at,
    count(*) AS plays,
    coalesce(sum(coalesce(listening.ms_played, duration_ms)), 0) / 3600000 AS hours,
    count(DISTINCT coalesce(listening.item_uri, concat(item_name, ' ', artist_name))) AS tracks
FROM listening
LEFT JOIN titles USING (item_uri)
WHERE played_at >= '2000-01-03'
GROUP BY begins_at
ORDER BY begins_at DESC
LIMIT 12
