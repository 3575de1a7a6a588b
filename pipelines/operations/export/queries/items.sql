-- The rows of the view `items`, or of `items_at` a time, with more metadata. The ids of the users who added items are
-- joined by the keys in the same snapshots, since these views have display names only.
WITH completed AS (
    SELECT load_id FROM _dlt_loads WHERE status = 0
),
states AS (
    SELECT playlist_id, item_keys::BIGINT[] AS item_keys
    FROM playlist_snapshots
    WHERE _dlt_load_id IN (FROM completed) AND observed_at <= getvariable('moment')
    QUALIFY row_number() OVER (PARTITION BY playlist_id ORDER BY observed_at DESC) = 1
),
listed AS (
    SELECT playlist_id, unnest(item_keys) AS item_key, generate_subscripts(item_keys, 1) AS place
    FROM states
),
authors AS (
    SELECT playlist_id, item_key, arg_max(added_by_id, observed_at) AS added_by_id
    FROM playlist_addition_authors
    WHERE _dlt_load_id IN (FROM completed)
    GROUP BY playlist_id, item_key
),
adders AS (
    SELECT playlist_id, item_key, arg_min(added_by_id, first_observed_at) AS added_by_id
    FROM playlist_additions
    WHERE _dlt_load_id IN (FROM completed)
    GROUP BY playlist_id, item_key
)
SELECT
    items.playlist_id AS list_id,
    items.place,
    items.item_uri,
    items.item_type,
    items.title,
    items.artists,
    items.album,
    date_diff('millisecond', TIMESTAMP '2000-01-01', TIMESTAMP '2000-01-01' + items.duration) AS duration_ms,
    items.isrc,
    items.added_at,
    coalesce(authors.added_by_id, adders.added_by_id) AS added_by_id,
    more.* EXCLUDE (item_uri)
FROM /* items */ AS items
JOIN wanted ON wanted.list_id = items.playlist_id
LEFT JOIN listed ON listed.playlist_id = items.playlist_id AND listed.place = items.place
LEFT JOIN authors ON authors.playlist_id = items.playlist_id AND authors.item_key = listed.item_key
LEFT JOIN adders ON adders.playlist_id = items.playlist_id AND adders.item_key = listed.item_key
LEFT JOIN more ON more.item_uri = items.item_uri
ORDER BY items.playlist_id, items.place
