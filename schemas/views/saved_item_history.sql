-- A period during which an item was saved: from the sync that first saw it to the first that did not.
-- Removed and saved again are two periods: successive states that hold the item make one.
WITH completed AS (
    SELECT load_id FROM _dlt_loads WHERE status = 0
),
snapshots AS (
    SELECT user_id, collection, observed_at, item_keys
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
stays AS (
    SELECT
        *,
        state - row_number() OVER (PARTITION BY user_id, collection, item_key ORDER BY state) AS stay
    FROM listed
),
history AS (
    SELECT
        user_id,
        collection,
        item_key,
        min(observed_at) AS listed_from,
        CASE WHEN count(next_observed_at) = count(*) THEN max(next_observed_at) END AS listed_until,
        arg_min(position, state) AS first_position,
        arg_max(position, state) AS last_position
    FROM stays
    GROUP BY user_id, collection, item_key, stay
),
additions AS (
    SELECT user_id, collection, item_key, item_uri, added_at
    FROM saved_additions
    WHERE _dlt_load_id IN (FROM completed)
    QUALIFY row_number() OVER (PARTITION BY user_id, collection, item_key ORDER BY first_observed_at) = 1
)
SELECT
    history.user_id,
    history.collection,
    history.item_key,
    additions.item_uri,
    additions.added_at,
    history.listed_from,
    history.listed_until,
    history.first_position,
    history.last_position
FROM history
LEFT JOIN additions
    ON additions.user_id = history.user_id
    AND additions.collection = history.collection
    AND additions.item_key = history.item_key
