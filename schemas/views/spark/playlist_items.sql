-- An item now on a playlist, with its place: ORDER BY playlist_id, position puts them in order.
WITH latest AS (
    SELECT playlist_id, snapshot_id, item_keys
    FROM playlist_snapshots
    QUALIFY row_number() OVER (PARTITION BY playlist_id ORDER BY observed_at DESC) = 1
),
listed AS (
    SELECT
        playlist_id,
        snapshot_id,
        item_key,
        CAST(place AS BIGINT) AS position
    FROM latest
    LATERAL VIEW posexplode(item_keys) entries AS place, item_key
),
-- Two machines that sync at once may store an addition twice: it counts once.
additions AS (
    SELECT *
    FROM playlist_additions
    QUALIFY row_number() OVER (PARTITION BY playlist_id, item_key ORDER BY first_observed_at) = 1
),
-- Who added an item is not always told: the newest who was named counts.
authors AS (
    SELECT playlist_id, item_key, max_by(added_by_id, observed_at) AS added_by_id
    FROM playlist_addition_authors
    GROUP BY playlist_id, item_key
)
SELECT
    listed.playlist_id,
    listed.position,
    listed.item_key,
    additions.added_at,
    coalesce(authors.added_by_id, additions.added_by_id) AS added_by_id,
    additions.item_uri,
    additions.item_type,
    additions.track_id,
    additions.episode_id,
    additions.is_local,
    listed.snapshot_id
FROM listed
LEFT JOIN additions
    ON additions.playlist_id = listed.playlist_id AND additions.item_key = listed.item_key
LEFT JOIN authors
    ON authors.playlist_id = listed.playlist_id AND authors.item_key = listed.item_key
