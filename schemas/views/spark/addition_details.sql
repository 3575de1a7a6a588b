-- An addition in words: title, artists and album of an item, when it was added to which playlist, and by whom.
WITH additions AS (
    SELECT playlist_id, item_key, item_uri, item_type, added_at, added_by_id
    FROM playlist_additions
    QUALIFY row_number() OVER (PARTITION BY playlist_id, item_key ORDER BY first_observed_at) = 1
),
authors AS (
    SELECT playlist_id, item_key, max_by(added_by_id, observed_at) AS added_by_id
    FROM playlist_addition_authors
    GROUP BY playlist_id, item_key
),
-- Of kinds that no playlist has today only what was sent in a playlist counts, so that all others need not be computed.
items AS (
    SELECT *
    FROM item_details
    WHERE item_type IS NULL OR item_type NOT IN ('album', 'artist', 'audiobook', 'show')
    UNION ALL
    SELECT item_uri, item_type, name, NULL, NULL, NULL, NULL, NULL, NULL, NULL
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
