-- A change of what is saved, in words: an item saved, removed or moved between two successive states of a collection.
SELECT
    changes.observed_at,
    changes.change,
    changes.collection,
    changes.from_position + 1 AS from_place,
    changes.to_position + 1 AS to_place,
    details.title,
    details.artists,
    details.first_artist,
    details.first_artist_id,
    details.album,
    details.released_on,
    details.duration,
    changes.user_id,
    changes.item_uri,
    details.isrc
FROM saved_item_changes AS changes
LEFT JOIN item_details AS details ON details.item_uri = changes.item_uri
