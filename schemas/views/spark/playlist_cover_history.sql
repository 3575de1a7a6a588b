-- A cover that a playlist had: from the sync that found it to the one that found another, or none.
WITH found AS (
    SELECT playlist_id, observed_at, cover_sha256, thumbnail_sha256
    FROM playlist_covers
    QUALIFY row_number() OVER (PARTITION BY playlist_id, observed_at ORDER BY _dlt_load_id) = 1
),
-- Two syncs at once may both have found the same.
compared AS (
    SELECT
        *,
        row_number() OVER one AS number,
        lag(cover_sha256) OVER one AS cover_before,
        lag(thumbnail_sha256) OVER one AS thumbnail_before
    FROM found
    WINDOW one AS (PARTITION BY playlist_id ORDER BY observed_at)
),
spans AS (
    SELECT *, lead(observed_at) OVER (PARTITION BY playlist_id ORDER BY observed_at) AS next_observed_at
    FROM compared
    WHERE number = 1
        OR cover_sha256 IS DISTINCT FROM cover_before
        OR thumbnail_sha256 IS DISTINCT FROM thumbnail_before
)
SELECT
    playlist_id,
    cover_sha256,
    thumbnail_sha256,
    observed_at AS shown_from,
    next_observed_at AS shown_until
FROM spans
WHERE cover_sha256 IS NOT NULL
