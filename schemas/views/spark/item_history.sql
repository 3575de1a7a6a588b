-- A period in which an item was on a playlist, in words, as in playlist_item_history. Places count from 1.
SELECT
    playlists.name AS playlist,
    details.title,
    details.artists,
    details.first_artist,
    details.first_artist_id,
    details.album,
    details.released_on,
    details.duration,
    details.added_at,
    details.added_by,
    history.listed_from,
    history.listed_until,
    history.first_position + 1 AS first_place,
    history.last_position + 1 AS last_place,
    history.playlist_id,
    history.item_uri,
    details.item_type,
    details.isrc
FROM playlist_item_history AS history
LEFT JOIN playlists ON playlists.playlist_id = history.playlist_id
LEFT JOIN addition_details AS details
    ON details.playlist_id = history.playlist_id AND details.item_key = history.item_key
