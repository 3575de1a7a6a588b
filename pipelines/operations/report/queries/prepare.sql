-- Tables for several queries, computed once: the playlists of the library and those requested by id, the texts of an
-- item, what is on those playlists now, and what changed. Dates before 1971 mean that the date is not known.
CREATE TEMP TABLE library AS
SELECT *
FROM playlists
WHERE in_library OR (in_library IS NULL AND access IS NOT NULL);

CREATE TEMP TABLE titles AS
SELECT track_uri AS item_uri, tracks.name AS title, credits.makers, duration_ms
FROM tracks
LEFT JOIN (
    SELECT track_uri, string_agg(artist_name, ', ' ORDER BY position) AS makers
    FROM track_artists
    GROUP BY track_uri
) AS credits USING (track_uri)
UNION ALL
SELECT episodes.uri, episodes.name, shows.name, duration_ms
FROM episodes
LEFT JOIN shows USING (show_id)
WHERE episodes.uri IS NOT NULL;

CREATE TEMP TABLE present AS
SELECT playlist_id, position, item_uri, CASE WHEN added_at >= '1971-01-01' THEN added_at END AS added_at
FROM playlist_items
WHERE playlist_id IN (SELECT playlist_id FROM library);

CREATE TEMP TABLE changes AS
SELECT playlist_id, observed_at, change, item_key, item_uri, to_position
FROM playlist_changes;
