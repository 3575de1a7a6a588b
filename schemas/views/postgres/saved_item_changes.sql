-- A change between two successive states of a collection: an item added, removed or moved.
-- Items that merely shift because others came or went have not moved: moved_keys holds the fewest moves
-- that explain the new order.
WITH completed AS (
    SELECT load_id FROM _dlt_loads WHERE status = 0
),
snapshots AS (
    SELECT DISTINCT ON (user_id, collection, observed_at)
        user_id,
        collection,
        observed_at,
        item_keys::JSONB AS item_keys,
        moved_keys::JSONB AS moved_keys
    FROM saved_snapshots
    WHERE _dlt_load_id IN (SELECT load_id FROM completed)
    ORDER BY user_id, collection, observed_at
),
states AS (
    SELECT
        user_id,
        collection,
        observed_at,
        item_keys,
        -- Two machines that sync at once may store one state twice, each with its moves.
        CASE
            WHEN item_keys IS DISTINCT FROM lag(item_keys) OVER one THEN moved_keys
            ELSE '[]'::JSONB
        END AS moved_keys,
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
        entry.item_key::BIGINT AS item_key,
        entry.place - 1 AS position
    FROM states
    CROSS JOIN LATERAL jsonb_array_elements_text(item_keys) WITH ORDINALITY AS entry (item_key, place)
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
moves AS (
    SELECT user_id, collection, state, moved.item_key::BIGINT AS item_key
    FROM states
    CROSS JOIN LATERAL jsonb_array_elements_text(moved_keys) AS moved (item_key)
),
changes AS (
    SELECT user_id, collection, observed_at, 'added' AS change, item_key, NULL::BIGINT AS from_position, position AS to_position
    FROM neighbours
    WHERE state > 1 AND state_before IS DISTINCT FROM state - 1
    UNION ALL
    SELECT user_id, collection, next_observed_at, 'removed', item_key, position, NULL
    FROM neighbours
    WHERE next_observed_at IS NOT NULL AND state_after IS DISTINCT FROM state + 1
    UNION ALL
    SELECT user_id, collection, observed_at, 'moved', item_key, position_before, position
    FROM neighbours
    JOIN moves USING (user_id, collection, state, item_key)
    WHERE state_before = state - 1
),
uris AS (
    SELECT user_id, collection, item_key, min(item_uri) AS item_uri
    FROM saved_additions
    WHERE _dlt_load_id IN (SELECT load_id FROM completed)
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
