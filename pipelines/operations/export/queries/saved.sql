-- The rows of the view `saved_items` as of the time `moment`, with titles, artists and more metadata.
WITH completed AS (
    SELECT load_id FROM _dlt_loads WHERE status = 0
),
states AS (
    SELECT user_id, collection, item_keys::BIGINT[] AS item_keys
    FROM saved_snapshots
    WHERE _dlt_load_id IN (FROM completed) AND observed_at <= getvariable('moment')
    QUALIFY row_number() OVER (PARTITION BY user_id, collection ORDER BY observed_at DESC) = 1
),
listed AS (
    SELECT user_id, collection, unnest(item_keys) AS item_key, generate_subscripts(item_keys, 1) AS place
    FROM states
),
additions AS (
    SELECT *
    FROM saved_additions
    WHERE _dlt_load_id IN (FROM completed)
    QUALIFY row_number() OVER (PARTITION BY user_id, collection, item_key ORDER BY first_observed_at) = 1
),
credits AS (
    SELECT track_uri, string_agg(artist_name, ', ' ORDER BY position) FILTER (WHERE artist_name <> '') AS artists
    FROM track_artists
    GROUP BY track_uri
),
album_credits AS (
    SELECT album_id, string_agg(artist_name, ', ' ORDER BY position) FILTER (WHERE artist_name <> '') AS artists
    FROM album_artists
    GROUP BY album_id
),
authors AS (
    SELECT audiobook_id, string_agg(name, ', ' ORDER BY position) AS artists FROM audiobook_authors GROUP BY audiobook_id
),
words AS (
    SELECT
        'track' AS item_type,
        met.item_uri,
        tracks.name AS title,
        credits.artists,
        coalesce(albums.name, tracks.album_name) AS album,
        tracks.duration_ms,
        tracks.isrc
    FROM met
    JOIN tracks ON tracks.track_uri = met.track_uri
    LEFT JOIN credits ON credits.track_uri = met.track_uri
    LEFT JOIN albums ON albums.album_id = tracks.album_id
    UNION ALL
    SELECT 'album', albums.uri, albums.name, album_credits.artists, albums.name, NULL, NULL
    FROM albums
    LEFT JOIN album_credits ON album_credits.album_id = albums.album_id
    UNION ALL
    SELECT 'episode', episodes.uri, episodes.name, shows.name, NULL, episodes.duration_ms, NULL
    FROM episodes
    LEFT JOIN shows ON shows.show_id = episodes.show_id
    UNION ALL
    SELECT 'show', uri, name, publisher, NULL, NULL, NULL FROM shows
    UNION ALL
    SELECT 'audiobook', audiobooks.uri, audiobooks.name, authors.artists, NULL, NULL, NULL
    FROM audiobooks
    LEFT JOIN authors ON authors.audiobook_id = audiobooks.audiobook_id
    UNION ALL
    SELECT 'artist', uri, name, NULL, NULL, NULL, NULL FROM artists
)
SELECT
    wanted.list_id,
    listed.place,
    additions.item_uri,
    additions.item_type,
    words.title,
    words.artists,
    words.album,
    words.duration_ms,
    words.isrc,
    additions.added_at,
    NULL AS added_by_id,
    more.* EXCLUDE (item_uri)
FROM listed
JOIN wanted ON wanted.list_id = concat('saved:', listed.collection, ':', listed.user_id)
LEFT JOIN additions
    ON additions.user_id = listed.user_id
    AND additions.collection = listed.collection
    AND additions.item_key = listed.item_key
LEFT JOIN words ON words.item_type = additions.item_type AND words.item_uri = additions.item_uri
LEFT JOIN more ON more.item_uri = additions.item_uri
ORDER BY wanted.list_id, listed.place
