-- Pages of entries to the tables that take most of the rows, each dimension's row once. The variable `pages` names the
-- files: …/playlists/<id>/tracks/<offset>.json
CREATE TEMP TABLE entries AS
SELECT parse_path(filename)[-3] AS playlist_id, "offset" + place - 1 AS position, entry
FROM (
    SELECT filename, "offset", generate_subscripts(items, 1) AS place, unnest(items) AS entry
    FROM read_json(getvariable('pages'), filename = true, maximum_object_size = 33554432)
);

CREATE TABLE playlist_items AS
SELECT
    playlist_id, position, entry.added_at::TIMESTAMPTZ AS added_at, entry.added_by.id AS added_by_id,
    entry.track.uri AS item_uri, entry.track.type AS item_type, entry.track.id AS item_id, entry.is_local
FROM entries;

CREATE TEMP TABLE found AS
SELECT entry.track AS track FROM entries WHERE entry.track.type = 'track'
QUALIFY row_number() OVER (PARTITION BY entry.track.uri) = 1;

CREATE TABLE tracks AS
SELECT
    track.uri AS track_uri, track.id AS track_id, track.name, track.album.id AS album_id, track.disc_number,
    track.track_number, track.duration_ms, track.explicit, track.popularity, track.external_ids.isrc,
    to_json(track.available_markets) AS available_markets, track.href
FROM found;

CREATE TABLE track_artists AS
SELECT track.uri AS track_uri, generate_subscripts(track.artists, 1) - 1 AS position, unnest(track.artists).id AS artist_id
FROM found;

CREATE TEMP TABLE found_albums AS
SELECT track.album AS album FROM found WHERE track.album.id IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY track.album.id) = 1;

CREATE TABLE albums AS
SELECT
    album.id AS album_id, album.uri, album.name, album.album_type, album.total_tracks, album.release_date,
    to_json(album.available_markets) AS available_markets, album.href
FROM found_albums;

CREATE TABLE album_artists AS
SELECT album.id AS album_id, generate_subscripts(album.artists, 1) - 1 AS position, unnest(album.artists).id AS artist_id
FROM found_albums;

CREATE TABLE album_images AS
SELECT album.id AS album_id, generate_subscripts(album.images, 1) - 1 AS position, unnest(album.images) AS image
FROM found_albums;

CREATE TABLE artists AS
SELECT artist.id AS artist_id, artist.uri, artist.name, artist.href
FROM (SELECT unnest(track.artists) AS artist FROM found UNION ALL SELECT unnest(album.artists) FROM found_albums)
WHERE artist.id IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY artist.id) = 1;
