-- One period of an item on a playlist: `listed_from` is the first sync that saw it, `listed_until` the first that did not.
-- Leaving and returning are two periods: successive states that hold the item make one.
WITH snapshots AS (
    SELECT playlist_id, observed_at, item_keys
    FROM playlist_snapshots
    QUALIFY row_number() OVER (PARTITION BY playlist_id, observed_at ORDER BY _dlt_load_id) = 1
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
        item_key,
        CAST(place AS BIGINT) AS position
    FROM states
    LATERAL VIEW posexplode(item_keys) entries AS place, item_key
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
        min_by(position, state) AS first_position,
        max_by(position, state) AS last_position
    FROM stays
    GROUP BY playlist_id, item_key, stay
),
additions AS (
    SELECT playlist_id, item_key, item_uri, added_at, added_by_id
    FROM playlist_additions
    QUALIFY row_number() OVER (PARTITION BY playlist_id, item_key ORDER BY first_observed_at) = 1
),
-- Who added an item is not always told: the newest who was named counts.
authors AS (
    SELECT playlist_id, item_key, max_by(added_by_id, observed_at) AS added_by_id
    FROM playlist_addition_authors
    GROUP BY playlist_id, item_key
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
