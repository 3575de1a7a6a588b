-- Tables for the archive, computed once: every stay of an item on a playlist, as in item_history but with its
-- key, and the texts of every item; both are numbered from 0, items that were listed most often first. A stay is a return
-- if the item had been seen to be on the playlist before, and then not to be.
CREATE TEMP TABLE stays AS
WITH history AS (
    SELECT
        history.playlist_id,
        history.item_key,
        history.item_uri,
        CASE WHEN history.added_at >= '1971-01-01' THEN history.added_at END AS added_at,
        details.added_by,
        listed_from,
        listed_until,
        first_position,
        max(coalesce(listed_until, 'infinity')) OVER (
            PARTITION BY history.playlist_id, history.item_uri
            ORDER BY listed_from, first_position
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS until_before,
        details.title,
        details.artists,
        details.album,
        details.released_on,
        date_part('epoch', details.duration)::BIGINT AS seconds
    FROM playlist_item_history AS history
    LEFT JOIN addition_details AS details
        ON details.playlist_id = history.playlist_id AND details.item_key = history.item_key
)
SELECT
    row_number() OVER (ORDER BY playlist_id, listed_from, first_position) - 1 AS stay,
    *,
    coalesce(item_uri IS NOT NULL AND until_before < listed_from, false) AS is_return,
    listed_until IS NULL AND playlist_id IN (SELECT playlist_id FROM library) AS is_present
FROM history;

CREATE TEMP TABLE listed_items AS
SELECT
    row_number() OVER (ORDER BY count(*) DESC, min(title), item_uri) - 1 AS item,
    item_uri,
    min(title) AS title,
    min(artists) AS artists,
    min(album) AS album,
    min(released_on) AS released_on,
    min(seconds) AS seconds,
    bool_or(is_present) AS is_present
FROM stays
GROUP BY item_uri;

-- As in addition_details, a track that was only seen as the one that plays in its place has the artists of that one.
CREATE TEMP TABLE listed_credits AS
WITH played AS (
    SELECT track_uri AS item_uri, track_uri FROM tracks
    UNION ALL
    SELECT linked_from_uri, track_uri
    FROM tracks
    WHERE linked_from_uri IS NOT NULL AND linked_from_uri NOT IN (SELECT track_uri FROM tracks)
    QUALIFY row_number() OVER (PARTITION BY linked_from_uri ORDER BY track_uri) = 1
)
SELECT item, position, coalesce(artist_id, artist_name) AS artist_key, artist_id, artist_name
FROM listed_items
JOIN played USING (item_uri)
JOIN track_artists USING (track_uri)
WHERE artist_name <> '';

CREATE TEMP TABLE listed_artists AS
SELECT
    row_number() OVER (ORDER BY count(*) DESC, name, artist_key) - 1 AS artist,
    artist_key,
    name,
    string_agg(DISTINCT artist_name, ' / ' ORDER BY artist_name) FILTER (artist_name <> name) AS also,
FROM (
    SELECT
        listed_credits.*,
        coalesce(nullif(artists.name, ''), min(artist_name) OVER (PARTITION BY artist_key)) AS name
    FROM listed_credits
    JOIN listed_items USING (item)
    JOIN (SELECT item_uri FROM stays) USING (item_uri)
    LEFT JOIN artists USING (artist_id)
)
GROUP BY artist_key, name;
