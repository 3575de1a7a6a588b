-- All playlists with their names and descriptions at the time `moment` (infinity means now): whether each was in the
-- library, whether its contents had been read, and, if it has left, the last microsecond before that:
-- two syncs can follow each other within a second.
WITH completed AS (
    SELECT load_id FROM _dlt_loads WHERE status = 0
),
described AS (
    SELECT playlist_id, name, description, in_library
    FROM playlist_descriptions
    WHERE _dlt_load_id IN (FROM completed) AND observed_at <= getvariable('moment')
    QUALIFY row_number() OVER (PARTITION BY playlist_id ORDER BY observed_at DESC) = 1
),
there AS (
    SELECT playlist_id, max(observed_at) AS at
    FROM playlist_descriptions
    WHERE _dlt_load_id IN (FROM completed) AND in_library IS NOT false
    GROUP BY playlist_id
),
gone AS (
    SELECT later.playlist_id, min(later.observed_at) - INTERVAL 1 MICROSECOND AS last_there_at
    FROM playlist_descriptions AS later
    JOIN there ON there.playlist_id = later.playlist_id AND there.at < later.observed_at
    WHERE later._dlt_load_id IN (FROM completed)
    GROUP BY later.playlist_id
),
states AS (
    SELECT playlist_id, min(observed_at) AS since
    FROM playlist_snapshots
    WHERE _dlt_load_id IN (FROM completed)
    GROUP BY playlist_id
)
SELECT
    playlists.playlist_id,
    coalesce(CASE WHEN NOT isinf(getvariable('moment')) THEN described.name END, playlists.name, '') AS name,
    coalesce(described.description, playlists.description) AS description,
    coalesce(nullif(users.display_name, ''), playlists.owner_id) AS owner,
    playlists.access IS NOT NULL AND described.playlist_id IS NOT NULL AS is_listed,
    CASE WHEN isinf(getvariable('moment')) THEN playlists.in_library ELSE described.in_library END IS NOT false
        AS is_there,
    coalesce(states.since <= getvariable('moment'), false) AS is_read,
    strftime(gone.last_there_at, '%Y-%m-%dT%H:%M:%S.%fZ') AS last_there_at
FROM playlists
LEFT JOIN described ON described.playlist_id = playlists.playlist_id
LEFT JOIN gone ON gone.playlist_id = playlists.playlist_id
LEFT JOIN states ON states.playlist_id = playlists.playlist_id
LEFT JOIN users ON users.user_id = playlists.owner_id
ORDER BY name, playlists.playlist_id
