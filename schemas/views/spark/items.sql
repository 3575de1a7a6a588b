-- An item now on a playlist, in words: ORDER BY playlist, place puts them in order. Playlists that left are left out.
SELECT
    playlists.name AS playlist,
    playlist_items.position + 1 AS place,
    details.title,
    details.artists,
    details.first_artist,
    details.first_artist_id,
    details.album,
    details.released_on,
    details.duration,
    details.added_at,
    details.added_by,
    playlist_items.playlist_id,
    details.item_uri,
    details.item_type,
    details.isrc
FROM playlist_items
LEFT JOIN playlists ON playlists.playlist_id = playlist_items.playlist_id
LEFT JOIN addition_details AS details
    ON details.playlist_id = playlist_items.playlist_id AND details.item_key = playlist_items.item_key
WHERE playlists.in_library IS NOT false
