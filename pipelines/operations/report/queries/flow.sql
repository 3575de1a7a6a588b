-- What syncs found added and removed, by day.
SELECT
    observed_at::DATE AS day,
    count(*) FILTER (change = 'added') AS added,
    count(*) FILTER (change = 'removed') AS removed
FROM changes
WHERE change IN ('added', 'removed')
GROUP BY day
ORDER BY day
