-- The words of an item: of a track, episode, album, show, audiobook, chapter or artist, by its URI.
WITH credits AS (
    SELECT
        track_uri,
        listagg(artist_name, ', ') WITHIN GROUP (ORDER BY position) FILTER (WHERE artist_name <> '') AS artists,
        min_by(artist_name, position) AS first_artist,
        min_by(artist_id, position) AS first_artist_id
    FROM track_artists
    GROUP BY track_uri
),
album_credits AS (
    SELECT
        album_id,
        listagg(artist_name, ', ') WITHIN GROUP (ORDER BY position) FILTER (WHERE artist_name <> '') AS artists,
        min_by(artist_name, position) AS first_artist,
        min_by(artist_id, position) AS first_artist_id
    FROM album_artists
    GROUP BY album_id
),
authors AS (
    SELECT
        audiobook_id,
        listagg(name, ', ') WITHIN GROUP (ORDER BY position) FILTER (WHERE name <> '') AS artists,
        min_by(name, position) AS first_artist
    FROM audiobook_authors
    GROUP BY audiobook_id
),
described AS (
    SELECT
        tracks.track_uri AS item_uri,
        'track' AS item_type,
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
-- A track that was only ever met under the one that plays for it has the words of that one.
linked AS (
    SELECT linked_from_uri, * EXCEPT (item_uri, linked_from_uri)
    FROM described
    WHERE linked_from_uri IS NOT NULL AND linked_from_uri NOT IN (SELECT track_uri FROM tracks)
    QUALIFY row_number() OVER (PARTITION BY linked_from_uri ORDER BY item_uri) = 1
)
SELECT * EXCEPT (linked_from_uri) FROM described
UNION ALL
SELECT * FROM linked
UNION ALL
SELECT
    episodes.uri,
    'episode',
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
SELECT
    albums.uri,
    'album',
    albums.name,
    album_credits.artists,
    album_credits.first_artist,
    album_credits.first_artist_id,
    albums.name,
    albums.released_on,
    NULL,
    NULL
FROM albums
LEFT JOIN album_credits ON album_credits.album_id = albums.album_id
UNION ALL
SELECT uri, 'artist', name, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM artists
UNION ALL
SELECT
    audiobooks.uri,
    'audiobook',
    audiobooks.name,
    authors.artists,
    authors.first_artist,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL
FROM audiobooks
LEFT JOIN authors ON authors.audiobook_id = audiobooks.audiobook_id
UNION ALL
-- The URI of an audiobook is that of a show, and the URI of a chapter that of an episode.
SELECT shows.uri, 'show', shows.name, shows.publisher, shows.publisher, NULL, NULL, NULL, NULL, NULL
FROM shows
WHERE NOT EXISTS (SELECT 1 FROM audiobooks WHERE audiobooks.uri = shows.uri)
UNION ALL
SELECT
    chapters.uri,
    'chapter',
    chapters.name,
    audiobooks.name,
    audiobooks.name,
    NULL,
    NULL,
    chapters.released_on,
    chapters.duration_ms * INTERVAL '0 00:00:00.001' DAY TO SECOND,
    NULL
FROM chapters
LEFT JOIN audiobooks ON audiobooks.audiobook_id = chapters.audiobook_id
WHERE NOT EXISTS (SELECT 1 FROM episodes WHERE episodes.uri = chapters.uri)
    AND NOT EXISTS (SELECT 1 FROM unknown_items WHERE unknown_items.item_uri = chapters.uri)
UNION ALL
SELECT item_uri, item_type, name, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM unknown_items
