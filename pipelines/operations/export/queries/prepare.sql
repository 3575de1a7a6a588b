-- The track of each URI. A URI that only occurs as `linked_from` has the track that plays for it, as in the views.
CREATE TEMP TABLE met AS
SELECT track_uri AS item_uri, track_uri FROM tracks
UNION ALL
SELECT linked_from_uri, min(track_uri)
FROM tracks
WHERE linked_from_uri IS NOT NULL AND linked_from_uri NOT IN (SELECT track_uri FROM tracks)
GROUP BY linked_from_uri;

-- Metadata of items that the views with words do not have, as last seen.
CREATE TEMP TABLE more AS
WITH credits AS (
    SELECT track_uri, list(artist_id ORDER BY position) FILTER (WHERE artist_id IS NOT NULL) AS artist_ids
    FROM track_artists
    GROUP BY track_uri
),
album_credits AS (
    SELECT
        album_id,
        string_agg(artist_name, ', ' ORDER BY position) FILTER (WHERE artist_name <> '') AS album_artists,
        list(artist_id ORDER BY position) FILTER (WHERE artist_id IS NOT NULL) AS album_artist_ids
    FROM album_artists
    GROUP BY album_id
),
covers AS (
    SELECT album_id, first(url ORDER BY position) AS image_url FROM album_images GROUP BY album_id
),
episode_covers AS (
    SELECT episode_id, first(url ORDER BY position) AS image_url FROM episode_images GROUP BY episode_id
)
SELECT
    met.item_uri,
    credits.artist_ids,
    albums.uri AS album_uri,
    album_credits.album_artists,
    album_credits.album_artist_ids,
    albums.release_date,
    covers.image_url,
    tracks.disc_number,
    tracks.track_number,
    tracks.preview_url,
    tracks.explicit,
    tracks.popularity
FROM met
JOIN tracks ON tracks.track_uri = met.track_uri
LEFT JOIN credits ON credits.track_uri = met.track_uri
LEFT JOIN albums ON albums.album_id = tracks.album_id
LEFT JOIN album_credits ON album_credits.album_id = tracks.album_id
LEFT JOIN covers ON covers.album_id = tracks.album_id
UNION ALL
SELECT
    albums.uri,
    album_credits.album_artist_ids,
    albums.uri,
    album_credits.album_artists,
    album_credits.album_artist_ids,
    albums.release_date,
    covers.image_url,
    NULL,
    NULL,
    NULL,
    NULL,
    albums.popularity
FROM albums
LEFT JOIN album_credits ON album_credits.album_id = albums.album_id
LEFT JOIN covers ON covers.album_id = albums.album_id
WHERE albums.uri IS NOT NULL
UNION ALL
SELECT
    episodes.uri,
    NULL,
    NULL,
    NULL,
    NULL,
    episodes.release_date,
    episode_covers.image_url,
    NULL,
    NULL,
    episodes.audio_preview_url,
    episodes.explicit,
    NULL
FROM episodes
LEFT JOIN episode_covers ON episode_covers.episode_id = episodes.episode_id
WHERE episodes.uri IS NOT NULL
