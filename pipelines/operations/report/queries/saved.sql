-- How much each user has saved and follows, by collection, and how much of it is on no playlist.
SELECT
    coalesce(display_name, saved_items.user_id) AS whose,
    collection,
    count(*) AS items,
    count(*) FILTER (NOT EXISTS (FROM present WHERE present.item_uri = saved_items.item_uri)) AS on_no_playlist
FROM saved_items
LEFT JOIN users USING (user_id)
GROUP BY whose, saved_items.user_id, collection
ORDER BY whose, saved_items.user_id, items DESC, collection
