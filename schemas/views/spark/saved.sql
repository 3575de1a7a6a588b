-- An item that is saved now, or an artist followed, in words: ORDER BY user_id, collection, place puts them in order.
SELECT
    saved_items.collection,
    saved_items.position + 1 AS place,
    details.title,
    details.artists,
    details.first_artist,
    details.first_artist_id,
    details.album,
    details.released_on,
    details.duration,
    saved_items.added_at,
    saved_items.user_id,
    saved_items.item_uri,
    saved_items.item_type,
    saved_items.item_id,
    details.isrc
FROM saved_items
LEFT JOIN item_details AS details ON details.item_uri = saved_items.item_uri
