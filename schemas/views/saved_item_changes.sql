-- A change between two successive states of a collection: an item added, removed or moved.
-- Items that merely shift because others came or went have not moved: moved_keys holds the fewest moves
-- that explain the new order.
WITH completed AS (
    SELECT load_id FROM _dlt_loads WHERE status = 0
),
-- Not materialized: read once with the long lists and once without them.
snapshots AS NOT MATERIALIZED (
    SELECT user_id, collection, observed_at, item_keys, moved_keys
    FROM saved_snapshots
    WHERE _dlt_load_id IN (FROM completed)
    QUALIFY row_number() OVER (PARTITION BY user_id, collection, observed_at) = 1
),
states AS (
    SELECT
        user_id,
        collection,
        observed_at,
        item_keys::BIGINT[] AS item_keys,
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
        unnest(item_keys) AS item_key,
        generate_subscripts(item_keys, 1) - 1 AS position
    FROM states
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
-- Two machines that sync at once may store one state twice, each with its moves.
moves AS (
    SELECT user_id, collection, observed_at, unnest(moved_keys::BIGINT[]) AS item_key
    FROM (
        SELECT
            user_id,
            collection,
            observed_at,
            moved_keys,
            hash(item_keys) AS contents,
            lag(hash(item_keys)) OVER (PARTITION BY user_id, collection ORDER BY observed_at) AS contents_before
        FROM snapshots
    )
    WHERE contents IS DISTINCT FROM contents_before
),
edges AS (
    SELECT
        neighbours.*,
        state > 1 AND state_before IS DISTINCT FROM state - 1 AS is_added,
        next_observed_at IS NOT NULL AND state_after IS DISTINCT FROM state + 1 AS is_removed,
        moves.item_key IS NOT NULL AND state_before = state - 1 AS is_moved
    FROM neighbours
    LEFT JOIN moves
        ON moves.user_id = neighbours.user_id
        AND moves.collection = neighbours.collection
        AND moves.observed_at = neighbours.observed_at
        AND moves.item_key = neighbours.item_key
    WHERE is_added OR is_removed OR is_moved
),
-- A row for each that holds. With one unnest, not a UNION ALL of three, a condition on user_id reaches the scan.
told AS (
    SELECT
        user_id,
        collection,
        item_key,
        unnest([
            CASE WHEN is_added THEN {
                change: 'added', observed_at: observed_at, from_position: NULL::BIGINT, to_position: position
            } END,
            CASE WHEN is_removed THEN {
                change: 'removed', observed_at: next_observed_at, from_position: position, to_position: NULL
            } END,
            CASE WHEN is_moved THEN {
                change: 'moved', observed_at: observed_at, from_position: position_before, to_position: position
            } END
        ]) AS what
    FROM edges
),
changes AS (
    SELECT user_id, collection, item_key, unnest(what)
    FROM told
    WHERE what IS NOT NULL
),
uris AS (
    SELECT user_id, collection, item_key, any_value(item_uri) AS item_uri
    FROM saved_additions
    WHERE _dlt_load_id IN (FROM completed)
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
