-- Every playlist: its size, its latest addition, what changed since the first sync, and its last problem.
WITH listed AS (
    SELECT playlist_id, count(*) AS items, max(added_at) AS newest_at
    FROM present
    GROUP BY playlist_id
),
changed AS (
    SELECT
        playlist_id,
        count(*) FILTER (change = 'added') AS added,
        count(*) FILTER (change = 'removed') AS removed
    FROM changes
    GROUP BY playlist_id
),
latest AS (
    SELECT playlist_id, outcome, message
    FROM playlist_reads
    QUALIFY row_number() OVER (PARTITION BY playlist_id ORDER BY finished_at DESC) = 1
)
SELECT
    library.playlist_id,
    library.name,
    coalesce(users.display_name, owner_id) AS owner,
    library.external_url,
    access,
    -- Of a playlist whose contents are not known there is at least what Spotify counts.
    CASE WHEN last_read_at IS NULL THEN items_total ELSE coalesce(listed.items, 0) END AS items,
    newest_at,
    coalesce(added, 0) AS added,
    coalesce(removed, 0) AS removed,
    last_read_at,
    CASE WHEN latest.outcome NOT IN ('read', 'metadata_only') THEN coalesce(latest.message, latest.outcome) END
        AS problem
FROM library
LEFT JOIN users ON users.user_id = owner_id
LEFT JOIN listed USING (playlist_id)
LEFT JOIN changed USING (playlist_id)
LEFT JOIN latest USING (playlist_id)
ORDER BY items DESC NULLS LAST, library.name, library.playlist_id
