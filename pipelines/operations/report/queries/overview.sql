-- The figures of the whole lake.
WITH described AS (
    SELECT
        count(*) AS playlists,
        count(*) FILTER (access = 'metadata_only') AS withheld,
        count(*) FILTER (access = 'gone') AS gone,
        max(last_read_at) AS read_at
    FROM library
),
listed AS (
    SELECT
        count(*) AS items,
        count(DISTINCT item_uri) AS distinct_items,
        count(*) FILTER (added_at IS NULL) AS undated,
        coalesce(sum(duration_ms), 0)::BIGINT AS duration_ms
    FROM present
    LEFT JOIN titles USING (item_uri)
),
credited AS (
    SELECT count(DISTINCT coalesce(artist_id, artist_name)) AS artists
    FROM track_artists
    WHERE track_uri IN (SELECT item_uri FROM present) AND artist_name <> ''
),
synced AS (
    SELECT
        min(started_at) FILTER (exit_code IN (0, 4)) AS first_sync_at,
        max(finished_at) FILTER (exit_code = 0) AS good_sync_at
    FROM runs
    WHERE outcome IS DISTINCT FROM 'imported'
)
SELECT *
FROM described, listed, credited, synced
