-- A move of an artist's, album's, track's or user's popularity or number of followers, between two successive observations.
-- The first that is known of a number is no move.
WITH observed AS (
    -- Two machines may have written at the same moment.
    SELECT item_type, item_id, observed_at, popularity, followers_total
    FROM popularity_history
    QUALIFY row_number() OVER (PARTITION BY item_type, item_id, observed_at ORDER BY _dlt_load_id DESC) = 1
),
numbers AS (
    SELECT item_type, item_id, observed_at, 'popularity' AS field, popularity AS value FROM observed
    UNION ALL
    SELECT item_type, item_id, observed_at, 'followers_total', followers_total FROM observed
),
steps AS (
    SELECT *, lag(value) OVER (PARTITION BY item_type, item_id, field ORDER BY observed_at) AS before
    FROM numbers
    WHERE value IS NOT NULL
)
SELECT item_type, item_id, observed_at, field, before, value AS after
FROM steps
WHERE before <> value
