-- A time between syncs in which more may have been played than Spotify told: none of its newest plays was known.
WITH known AS (
    SELECT user_id, run_id, source, first_observed_at, played_at
    FROM plays
),
unknown AS (
    SELECT DISTINCT run_id
    FROM resource_reads
    WHERE resource = 'plays' AND subject = 'recently_played' AND items = new_items
),
readings AS (
    SELECT user_id, run_id, min(first_observed_at) AS observed_at, min(played_at) AS oldest
    FROM known
    WHERE source = 'api' AND run_id IN (SELECT run_id FROM unknown)
    GROUP BY user_id, run_id
),
gaps AS (
    SELECT
        readings.user_id,
        max(CASE WHEN known.played_at <= readings.oldest THEN known.played_at END) AS missing_from,
        readings.oldest AS missing_until,
        readings.observed_at
    FROM readings
    JOIN known
        ON known.user_id = readings.user_id
        AND known.source = 'api'
        AND known.first_observed_at < readings.observed_at
    GROUP BY readings.user_id, readings.oldest, readings.observed_at
)
SELECT
    gaps.user_id,
    gaps.missing_from,
    gaps.missing_until,
    gaps.observed_at,
    count(DISTINCT known.played_at) AS known_plays
FROM gaps
LEFT JOIN known
    ON known.user_id = gaps.user_id
    AND known.played_at > gaps.missing_from
    AND known.played_at < gaps.missing_until
GROUP BY gaps.user_id, gaps.missing_from, gaps.missing_until, gaps.observed_at
