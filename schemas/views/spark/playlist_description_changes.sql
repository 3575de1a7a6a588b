-- A change of a playlist's description between two successive observations: one field, before and after.
-- The first that is known of a field is no change.
WITH descriptions AS (
    -- Two machines may have written at the same moment.
    SELECT playlist_id, observed_at, name, description, owner_id, public, collaborative, followers_total, items_total,
        in_library
    FROM playlist_descriptions
    QUALIFY row_number() OVER (PARTITION BY playlist_id, observed_at ORDER BY _dlt_load_id DESC) = 1
),
-- A description that is null may be none. Anything else that is null is not known.
fields AS (
    SELECT playlist_id, observed_at, 'name' AS field, name AS value FROM descriptions
    UNION ALL
    SELECT playlist_id, observed_at, 'description', description FROM descriptions
    UNION ALL
    SELECT playlist_id, observed_at, 'owner_id', owner_id FROM descriptions
    UNION ALL
    SELECT playlist_id, observed_at, 'public', CAST(public AS STRING) FROM descriptions
    UNION ALL
    SELECT playlist_id, observed_at, 'collaborative', CAST(collaborative AS STRING) FROM descriptions
    UNION ALL
    SELECT playlist_id, observed_at, 'followers_total', CAST(followers_total AS STRING) FROM descriptions
    UNION ALL
    SELECT playlist_id, observed_at, 'items_total', CAST(items_total AS STRING) FROM descriptions
    UNION ALL
    SELECT playlist_id, observed_at, 'in_library', CAST(in_library AS STRING) FROM descriptions
),
steps AS (
    SELECT
        playlist_id,
        observed_at,
        field,
        lag(value) OVER one AS before,
        value AS after,
        row_number() OVER one AS step
    FROM fields
    WHERE value IS NOT NULL OR field = 'description'
    WINDOW one AS (PARTITION BY playlist_id, field ORDER BY observed_at)
)
SELECT playlist_id, observed_at, field, before, after
FROM steps
WHERE step > 1 AND after IS NOT NULL AND after IS DISTINCT FROM before
