-- The cover that each playlist has now, in its smallest size, where that is small enough to be embedded in a page.
SELECT playlist_id, any_value(content_type) AS content_type, any_value(data) AS data
FROM playlist_cover_history
JOIN covers ON sha256 = thumbnail_sha256
WHERE shown_until IS NULL AND bytes <= 20_000
    AND covers._dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)
GROUP BY playlist_id
