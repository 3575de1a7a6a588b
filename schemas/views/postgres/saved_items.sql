-- An item that is saved now, with its place: ORDER BY user_id, collection, position puts them in order.
WITH completed AS (
    SELECT load_id FROM _dlt_loads WHERE status = 0
),
latest AS (
    SELECT DISTINCT ON (user_id, collection) user_id, collection, item_keys::JSONB AS item_keys
    FROM saved_snapshots
    WHERE _dlt_load_id IN (SELECT load_id FROM completed)
    ORDER BY user_id, collection, observed_at DESC
),
listed AS (
    SELECT user_id, collection, entry.item_key::BIGINT AS item_key, entry.place - 1 AS position
    FROM latest
    CROSS JOIN LATERAL jsonb_array_elements_text(item_keys) WITH ORDINALITY AS entry (item_key, place)
),
additions AS (
    SELECT DISTINCT ON (user_id, collection, item_key) *
    FROM saved_additions
    WHERE _dlt_load_id IN (SELECT load_id FROM completed)
    ORDER BY user_id, collection, item_key, first_observed_at
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
