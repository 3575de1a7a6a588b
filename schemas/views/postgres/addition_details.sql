-- An addition in words: title, artists and album of an item, when it was added to which playlist, and by whom.
WITH completed AS (
    SELECT load_id FROM _dlt_loads WHERE status = 0
),
additions AS (
    SELECT DISTINCT ON (playlist_id, item_key) playlist_id, item_key, item_uri, item_type, added_at, added_by_id
    FROM playlist_additions
    WHERE _dlt_load_id IN (SELECT load_id FROM completed)
    ORDER BY playlist_id, item_key, first_observed_at
),
authors AS (
    SELECT DISTINCT ON (playlist_id, item_key) playlist_id, item_key, added_by_id
    FROM playlist_addition_authors
    WHERE _dlt_load_id IN (SELECT load_id FROM completed)
    ORDER BY playlist_id, item_key, observed_at DESC
),
-- Of kinds that no playlist has today only what was sent in a playlist counts, so that all others need not be computed.
items AS (
    SELECT *
    FROM item_details
    WHERE item_type IS NULL OR item_type NOT IN ('album', 'artist', 'audiobook', 'show')
    UNION ALL
    SELECT item_uri, item_type, name, NULL, NULL, NULL, NULL, NULL::date, NULL::interval, NULL
    FROM unknown_items
    WHERE item_type IN ('album', 'artist', 'audiobook', 'show')
)
SELECT
    additions.playlist_id,
    additions.item_key,
    items.title,
    items.artists,
    items.first_artist,
    items.first_artist_id,
    items.album,
    items.released_on,
    items.duration,
    additions.added_at,
    coalesce(nullif(users.display_name, ''), authors.added_by_id, additions.added_by_id) AS added_by,
    additions.item_uri,
    additions.item_type,
    items.isrc
FROM additions
LEFT JOIN authors ON authors.playlist_id = additions.playlist_id AND authors.item_key = additions.item_key
LEFT JOIN items ON items.item_uri = additions.item_uri
LEFT JOIN users ON users.user_id = coalesce(authors.added_by_id, additions.added_by_id)
