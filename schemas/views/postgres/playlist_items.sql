-- An item now on a playlist, with its place: ORDER BY playlist_id, position puts them in order.
WITH completed AS (
    SELECT load_id FROM _dlt_loads WHERE status = 0
),
latest AS (
    SELECT DISTINCT ON (playlist_id) playlist_id, snapshot_id, item_keys::JSONB AS item_keys
    FROM playlist_snapshots
    WHERE _dlt_load_id IN (SELECT load_id FROM completed)
    ORDER BY playlist_id, observed_at DESC
),
listed AS (
    SELECT playlist_id, snapshot_id, entry.item_key::BIGINT AS item_key, entry.place - 1 AS position
    FROM latest
    CROSS JOIN LATERAL jsonb_array_elements_text(item_keys) WITH ORDINALITY AS entry (item_key, place)
),
additions AS (
    SELECT DISTINCT ON (playlist_id, item_key) *
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
    listed.playlist_id,
    listed.position,
    listed.item_key,
    additions.added_at,
    coalesce(authors.added_by_id, additions.added_by_id) AS added_by_id,
    additions.item_uri,
    additions.item_type,
    additions.track_id,
    additions.episode_id,
    additions.is_local,
    listed.snapshot_id
FROM listed
LEFT JOIN additions
    ON additions.playlist_id = listed.playlist_id AND additions.item_key = listed.item_key
LEFT JOIN authors
    ON authors.playlist_id = listed.playlist_id AND authors.item_key = listed.item_key
