-- The pairs of playlists that share most items.
WITH held AS (
    SELECT DISTINCT playlist_id, item_uri
    FROM present
    WHERE item_uri IS NOT NULL
),
sizes AS (
    SELECT playlist_id, count(*) AS items
    FROM held
    GROUP BY playlist_id
),
pairs AS (
    SELECT one.playlist_id AS one_id, other.playlist_id AS other_id, count(*) AS shared
    FROM held AS one
    JOIN held AS other ON one.item_uri = other.item_uri AND one.playlist_id < other.playlist_id
    GROUP BY one_id, other_id
    ORDER BY shared DESC, one_id, other_id
    LIMIT 12
)
SELECT
    CASE WHEN one.items <= other.items THEN one_id ELSE other_id END AS smaller_id,
    smaller.name AS smaller,
    CASE WHEN one.items <= other.items THEN other_id ELSE one_id END AS larger_id,
    larger.name AS larger,
    shared,
    least(one.items, other.items) AS of_items
FROM pairs
JOIN sizes AS one ON one.playlist_id = one_id
JOIN sizes AS other ON other.playlist_id = other_id
LEFT JOIN playlists AS smaller ON smaller.playlist_id = CASE WHEN one.items <= other.items THEN one_id ELSE other_id END
LEFT JOIN playlists AS larger ON larger.playlist_id = CASE WHEN one.items <= other.items THEN other_id ELSE one_id END
ORDER BY shared DESC, smaller, larger
