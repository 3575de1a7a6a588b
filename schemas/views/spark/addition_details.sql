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
credits AS (
    SELECT
        track_uri,
        listagg(artist_name, ', ') WITHIN GROUP (ORDER BY position) FILTER (WHERE artist_name <> '') AS artists,
        min_by(artist_name, position) AS first_artist,
        min_by(artist_id, position) AS first_artist_id
    FROM track_artists
    GROUP BY track_uri
),
described AS (
    SELECT
        tracks.track_uri AS item_uri,
        tracks.name AS title,
        credits.artists,
        credits.first_artist,
        credits.first_artist_id,
        coalesce(albums.name, tracks.album_name) AS album,
        albums.released_on,
        tracks.duration_ms * INTERVAL '0 00:00:00.001' DAY TO SECOND AS duration,
        tracks.isrc,
        tracks.linked_from_uri
    FROM tracks
    LEFT JOIN credits ON credits.track_uri = tracks.track_uri
    LEFT JOIN albums ON albums.album_id = tracks.album_id
),
items AS (
    SELECT * EXCEPT (linked_from_uri) FROM described
    UNION ALL
    -- A track that was only ever met under the one that plays for it has the words of that one.
    SELECT linked_from_uri, * EXCEPT (item_uri, linked_from_uri)
    FROM described
    WHERE linked_from_uri IS NOT NULL AND linked_from_uri NOT IN (SELECT track_uri FROM tracks)
    QUALIFY row_number() OVER (PARTITION BY linked_from_uri ORDER BY item_uri) = 1
    UNION ALL
    SELECT
        episodes.uri,
        episodes.name,
        shows.name,
        shows.name,
        NULL,
        NULL,
        episodes.released_on,
        episodes.duration_ms * INTERVAL '0 00:00:00.001' DAY TO SECOND,
        NULL
    FROM episodes
    LEFT JOIN shows ON shows.show_id = episodes.show_id
    UNION ALL
    SELECT item_uri, name, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM unknown_items
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
