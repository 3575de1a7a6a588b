-- A period during which an item was saved, in words: from the sync that first saw it to the first that did not.
SELECT
    history.collection,
    details.title,
    details.artists,
    details.first_artist,
    details.first_artist_id,
    details.album,
    details.released_on,
    details.duration,
    history.added_at,
    history.listed_from,
    history.listed_until,
    history.first_position + 1 AS first_place,
    history.last_position + 1 AS last_place,
    history.user_id,
    history.item_uri,
    details.isrc
FROM saved_item_history AS history
LEFT JOIN item_details AS details ON details.item_uri = history.item_uri
