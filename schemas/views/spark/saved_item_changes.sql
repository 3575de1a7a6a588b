-- A change between two successive states of a collection: an item added, removed or moved.
-- Items that merely shift because others came or went have not moved: moved_keys holds the fewest moves
-- that explain the new order.
WITH snapshots AS (
    SELECT user_id, collection, observed_at, item_keys, moved_keys
    FROM saved_snapshots
    QUALIFY row_number() OVER (PARTITION BY user_id, collection, observed_at ORDER BY _dlt_load_id) = 1
),
states AS (
    SELECT
        user_id,
        collection,
        observed_at,
        item_keys,
        -- Two machines that sync at once may store one state twice, each with its moves.
        CASE WHEN item_keys IS DISTINCT FROM lag(item_keys) OVER one THEN moved_keys END AS moved_keys,
        row_number() OVER one AS state,
        lead(observed_at) OVER one AS next_observed_at
    FROM snapshots
    WINDOW one AS (PARTITION BY user_id, collection ORDER BY observed_at)
),
listed AS (
    SELECT
        user_id,
        collection,
        observed_at,
        state,
        next_observed_at,
        item_key,
        CAST(place AS BIGINT) AS position,
        coalesce(array_contains(moved_keys, item_key), false) AS is_named
    FROM states
    LATERAL VIEW posexplode(item_keys) entries AS place, item_key
),
neighbours AS (
    SELECT
        *,
        lag(state) OVER one AS state_before,
        lag(position) OVER one AS position_before,
        lead(state) OVER one AS state_after
    FROM listed
    WINDOW one AS (PARTITION BY user_id, collection, item_key ORDER BY state)
),
edges AS (
    SELECT *
    FROM (
        SELECT
            *,
            state > 1 AND state_before IS DISTINCT FROM state - 1 AS is_added,
            next_observed_at IS NOT NULL AND state_after IS DISTINCT FROM state + 1 AS is_removed,
            is_named AND state_before <=> state - 1 AS is_moved
        FROM neighbours
    )
    WHERE is_added OR is_removed OR is_moved
),
-- One row for each that holds. One explode, not a UNION ALL of three: the lists are read and sorted once.
told AS (
    SELECT
        user_id,
        collection,
        item_key,
        explode(array(
            CASE WHEN is_added THEN struct(
                'added' AS change, observed_at, CAST(NULL AS BIGINT) AS from_position, position AS to_position
            ) END,
            CASE WHEN is_removed THEN struct(
                'removed' AS change, next_observed_at AS observed_at, position AS from_position, NULL AS to_position
            ) END,
            CASE WHEN is_moved THEN struct(
                'moved' AS change, observed_at, position_before AS from_position, position AS to_position
            ) END
        )) AS what
    FROM edges
),
changes AS (
    SELECT user_id, collection, item_key, what.*
    FROM told
    WHERE what IS NOT NULL
),
uris AS (
    SELECT user_id, collection, item_key, min(item_uri) AS item_uri
    FROM saved_additions
    GROUP BY user_id, collection, item_key
)
SELECT
    changes.user_id,
    changes.collection,
    changes.observed_at,
    changes.change,
    changes.item_key,
    uris.item_uri,
    changes.from_position,
    changes.to_position
FROM changes
LEFT JOIN uris
    ON uris.user_id = changes.user_id
    AND uris.collection = changes.collection
    AND uris.item_key = changes.item_key
