-- A change in words: an item added, removed or moved, as in playlist_changes. Places count from 1.
SELECT
    changes.observed_at,
    changes.change,
    playlists.name AS playlist,
    changes.from_position + 1 AS from_place,
    changes.to_position + 1 AS to_place,
    details.title,
    details.artists,
    details.first_artist,
    details.first_artist_id,
    details.album,
    details.released_on,
    details.duration,
    details.added_at,
    details.added_by,
    changes.playlist_id,
    changes.item_uri,
    details.item_type,
    details.isrc
FROM playlist_changes AS changes
LEFT JOIN playlists ON playlists.playlist_id = changes.playlist_id
LEFT JOIN addition_details AS details
    ON details.playlist_id = changes.playlist_id AND details.item_key = changes.item_key
