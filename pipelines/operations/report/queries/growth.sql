-- When what is on the playlists now was added, by day.
SELECT added_at::DATE AS day, count(*) AS added, 0 AS removed
FROM present
WHERE added_at IS NOT NULL
GROUP BY day
ORDER BY day
