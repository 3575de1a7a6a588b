-- Highlights of a whole library, one row each: a number of playlists, items or days, and its subject.
WITH removed AS (
    SELECT *, date_diff('day', added_at, listed_until) AS lasted
    FROM stays AS gone
    WHERE listed_until > added_at AND item_uri IS NOT NULL AND NOT EXISTS (
        FROM stays AS later
        WHERE later.playlist_id = gone.playlist_id AND later.item_uri = gone.item_uri AND later.listed_until IS NULL
    )
),
spread AS (
    SELECT item_uri, count(DISTINCT playlist_id) AS playlists, min(added_at) AS added_at
    FROM stays
    WHERE is_present AND item_uri IS NOT NULL
    GROUP BY item_uri
),
additions AS (
    SELECT playlist_id, item_key, min(added_at)::DATE AS day
    FROM stays
    WHERE added_at IS NOT NULL
    GROUP BY playlist_id, item_key
),
told AS (
    SELECT 1 AS place, 'returned' AS kind, count(DISTINCT item_uri) AS number, NULL::TIMESTAMPTZ AS moment,
        NULL AS playlist_id, NULL AS item_uri
    FROM stays
    WHERE is_return
    UNION ALL
    SELECT 2, 'absent', count(*), NULL, NULL, NULL
    FROM listed_items
    WHERE NOT is_present AND item_uri IS NOT NULL
    UNION ALL
    (SELECT 3, 'oldest', NULL, added_at, playlist_id, item_uri
    FROM stays
    WHERE is_present AND added_at IS NOT NULL AND item_uri IS NOT NULL
    ORDER BY added_at, stay LIMIT 1)
    UNION ALL
    (SELECT 4, 'longest', lasted, listed_until, playlist_id, item_uri
    FROM removed ORDER BY lasted DESC, stay LIMIT 1)
    UNION ALL
    (SELECT 5, 'briefest', lasted, listed_until, playlist_id, item_uri
    FROM removed ORDER BY lasted, stay LIMIT 1)
    UNION ALL
    (SELECT 6, 'widespread', playlists, added_at, NULL, item_uri
    FROM spread WHERE playlists > 1 ORDER BY playlists DESC, added_at, item_uri LIMIT 1)
    UNION ALL
    (SELECT 7, 'busiest', count(*), day::TIMESTAMPTZ, NULL, NULL
    FROM additions GROUP BY day HAVING count(*) > 1 ORDER BY count(*) DESC, day LIMIT 1)
    UNION ALL
    (SELECT 8, 'recording', NULL, released_on::TIMESTAMPTZ, playlist_id, stays.item_uri
    FROM stays
    WHERE is_present AND released_on IS NOT NULL
    ORDER BY released_on, added_at, stay LIMIT 1)
)
SELECT kind, number, moment, playlist_id, playlists.name AS playlist, item_uri, title, artists AS makers
FROM told
LEFT JOIN playlists USING (playlist_id)
LEFT JOIN listed_items USING (item_uri)
WHERE number IS DISTINCT FROM 0
ORDER BY place
