-- An item that is saved now, with its place: ORDER BY user_id, collection, position puts them in order.
WITH completed AS (
    SELECT load_id FROM _dlt_loads WHERE status = 0
),
latest AS (
    SELECT user_id, collection, item_keys::BIGINT[] AS item_keys
    FROM saved_snapshots
    WHERE _dlt_load_id IN (FROM completed)
    QUALIFY row_number() OVER (PARTITION BY user_id, collection ORDER BY observed_at DESC) = 1
),
listed AS (
    SELECT
        user_id,
        collection,
        unnest(item_keys) AS item_key,
        generate_subscripts(item_keys, 1) - 1 AS position
    FROM latest
),
-- Two machines that sync at once may store an addition twice: it counts once.
additions AS (
    SELECT *
    FROM saved_additions
    WHERE _dlt_load_id IN (FROM completed)
    QUALIFY row_number() OVER (PARTITION BY user_id, collection, item_key ORDER BY first_observed_at) = 1
)
SELECT
    listed.user_id,
    listed.collection,
    listed.position,
    listed.item_key,
    additions.added_at,
    additions.item_uri,
    additions.item_type,
    additions.item_id
FROM listed
LEFT JOIN additions
    ON additions.user_id = listed.user_id
    AND additions.collection = listed.collection
    AND additions.item_key = listed.item_key
