-- One period of an item on a playlist: `listed_from` is the first sync that saw it, `listed_until` the first that did not.
-- Leaving and returning are two periods: successive states that hold the item make one.
WITH completed AS (
    SELECT load_id FROM _dlt_loads WHERE status = 0
),
snapshots AS (
    SELECT DISTINCT ON (playlist_id, observed_at) playlist_id, observed_at, item_keys::JSONB AS item_keys
    FROM playlist_snapshots
    WHERE _dlt_load_id IN (SELECT load_id FROM completed)
    ORDER BY playlist_id, observed_at
),
states AS (
    SELECT
        playlist_id,
        observed_at,
        item_keys,
        row_number() OVER one AS state,
        lead(observed_at) OVER one AS next_observed_at
    FROM snapshots
    WINDOW one AS (PARTITION BY playlist_id ORDER BY observed_at)
),
listed AS (
    SELECT
        playlist_id,
        observed_at,
        state,
        next_observed_at,
        entry.item_key::BIGINT AS item_key,
        entry.place - 1 AS position
    FROM states
    CROSS JOIN LATERAL jsonb_array_elements_text(item_keys) WITH ORDINALITY AS entry (item_key, place)
),
stays AS (
    SELECT
        *,
        state - row_number() OVER (PARTITION BY playlist_id, item_key ORDER BY state) AS stay
    FROM listed
),
history AS (
    SELECT
        playlist_id,
        item_key,
        min(observed_at) AS listed_from,
        CASE WHEN count(next_observed_at) = count(*) THEN max(next_observed_at) END AS listed_until,
        (array_agg(position ORDER BY state))[1] AS first_position,
        (array_agg(position ORDER BY state DESC))[1] AS last_position
    FROM stays
    GROUP BY playlist_id, item_key, stay
),
additions AS (
    SELECT DISTINCT ON (playlist_id, item_key) playlist_id, item_key, item_uri, added_at, added_by_id
    FROM playlist_additions
    WHERE _dlt_load_id IN (SELECT load_id FROM completed)
    ORDER BY playlist_id, item_key, first_observed_at
),
-- Who added an item is not always told: the newest who was named counts.
authors AS (
    SELECT DISTINCT ON (playlist_id, item_key) playlist_id, item_key, added_by_id
    FROM playlist_addition_authors
    WHERE _dlt_load_id IN (SELECT load_id FROM completed)
    ORDER BY playlist_id, item_key, observed_at DESC
)
SELECT
    history.playlist_id,
    history.item_key,
    additions.item_uri,
    additions.added_at,
    coalesce(authors.added_by_id, additions.added_by_id) AS added_by_id,
    history.listed_from,
    history.listed_until,
    history.first_position,
    history.last_position
FROM history
LEFT JOIN additions
    ON additions.playlist_id = history.playlist_id AND additions.item_key = history.item_key
LEFT JOIN authors
    ON authors.playlist_id = history.playlist_id AND authors.item_key = history.item_key
