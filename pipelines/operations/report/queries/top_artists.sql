-- The ten artists whom each user liked most in the last four weeks, with their places in the list before.
WITH newest AS (
    SELECT *
    FROM ranked_list_items
    WHERE list = 'top_artists' AND subject = 'short_term' AND place <= 10 AND item_uri IS NOT NULL
)
SELECT
    coalesce(display_name, newest.user_id) AS whose,
    newest.place,
    artists.name AS artist,
    CASE WHEN change IS NULL THEN newest.place ELSE place_before END AS place_before,
    change IS NOT DISTINCT FROM 'entered' AS is_new
FROM newest
LEFT JOIN artists ON artists.uri = newest.item_uri
LEFT JOIN users ON users.user_id = newest.user_id
LEFT JOIN ranked_list_changes AS c
    ON c.list = newest.list
    AND c.subject = newest.subject
    AND c.user_id = newest.user_id
    AND c.observed_at = newest.observed_at
    AND c.item_uri = newest.item_uri
    AND c.place = newest.place
ORDER BY whose, newest.user_id, newest.place
