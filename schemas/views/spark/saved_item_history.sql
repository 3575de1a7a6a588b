-- A period during which an item was saved: from the sync that first saw it to the first that did not.
-- Removed and saved again are two periods: successive states that hold the item make one.
WITH snapshots AS (
    SELECT user_id, collection, observed_at, item_keys
    FROM saved_snapshots
    QUALIFY row_number() OVER (PARTITION BY user_id, collection, observed_at ORDER BY _dlt_load_id) = 1
),
states AS (
    SELECT
        user_id,
        collection,
        observed_at,
        item_keys,
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
        CAST(place AS BIGINT) AS position
    FROM states
    LATERAL VIEW posexplode(item_keys) entries AS place, item_key
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
        min_by(position, state) AS first_position,
        max_by(position, state) AS last_position
    FROM stays
    GROUP BY user_id, collection, item_key, stay
),
additions AS (
    SELECT user_id, collection, item_key, item_uri, added_at
    FROM saved_additions
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
