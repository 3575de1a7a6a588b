-- A play, once: what the API and an export tell of the same play is one row, in which the export's details win.
-- They are the same where user and item are and their times differ by less than the item's length plus two minutes,
-- and no play is the same as two: the nearest pairs go first. Of equal distances the earlier play goes first.
WITH RECURSIVE completed AS (
    SELECT load_id FROM _dlt_loads WHERE status = 0
),
known AS (
    SELECT * EXCLUDE (_dlt_load_id)
    FROM plays
    WHERE _dlt_load_id IN (FROM completed)
    QUALIFY row_number() OVER (PARTITION BY user_id, source, play_key ORDER BY first_observed_at) = 1
),
short AS (
    SELECT
        user_id,
        play_key,
        epoch_us(played_at) // 60000000 AS minute,
        item_name,
        artist_name,
        ms_played,
        row_number() OVER (
            PARTITION BY user_id, played_at, item_name, artist_name, ms_played ORDER BY play_key
        ) AS number
    FROM known
    WHERE source = 'export' AND played_at_precision = 'minute'
),
exact AS (
    SELECT user_id, epoch_us(played_at) // 60000000 AS minute, item_name, artist_name, ms_played, count(*) AS plays
    FROM known
    WHERE source = 'export' AND played_at_precision = 'second'
        AND (user_id, epoch_us(played_at) // 60000000) IN (SELECT (user_id, minute) FROM short)
    GROUP BY ALL
),
-- What the short history tells and the extended one tells better.
covered AS (
    SELECT short.user_id, short.play_key
    FROM short
    JOIN exact
        ON exact.user_id = short.user_id
        AND exact.minute = short.minute
        AND exact.item_name IS NOT DISTINCT FROM short.item_name
        AND exact.artist_name IS NOT DISTINCT FROM short.artist_name
        AND exact.ms_played IS NOT DISTINCT FROM short.ms_played
    WHERE short.number <= exact.plays
),
-- Names without a URI, where only one known track has them.
named AS (
    SELECT DISTINCT item_name, artist_name
    FROM known
    WHERE item_uri IS NULL AND item_type = 'track' AND artist_name IS NOT NULL
),
titles AS (
    SELECT tracks.track_uri AS item_uri, tracks.name AS item_name, track_artists.artist_name
    FROM tracks
    JOIN track_artists ON track_artists.track_uri = tracks.track_uri AND track_artists.position = 0
    UNION ALL
    SELECT item_uri, item_name, artist_name
    FROM known
    WHERE item_uri IS NOT NULL AND item_type = 'track' AND played_at_precision <> 'minute'
),
certain AS (
    SELECT named.item_name, named.artist_name, min(titles.item_uri) AS item_uri
    FROM named
    JOIN titles ON titles.item_name = named.item_name AND titles.artist_name = named.artist_name
    GROUP BY named.item_name, named.artist_name
    HAVING count(DISTINCT titles.item_uri) = 1
),
exported AS (
    SELECT known.* REPLACE (coalesce(known.item_uri, certain.item_uri) AS item_uri)
    FROM known
    LEFT JOIN certain
        ON certain.item_name = CASE WHEN known.item_uri IS NULL AND known.item_type = 'track' THEN known.item_name END
        AND certain.artist_name = known.artist_name
    LEFT JOIN covered
        ON covered.user_id = known.user_id AND covered.play_key = known.play_key
    WHERE known.source = 'export' AND covered.play_key IS NULL
),
lengths AS (
    SELECT item_uri, max(duration_ms) AS duration_ms
    FROM (
        SELECT track_uri AS item_uri, duration_ms FROM tracks
        UNION ALL
        SELECT uri, duration_ms FROM episodes
    )
    GROUP BY item_uri
),
asked AS (
    SELECT
        known.user_id,
        known.play_key,
        known.item_uri,
        epoch_us(known.played_at) AS moment,
        (coalesce(lengths.duration_ms, 0) + 120000) * 1000 AS reach
    FROM known
    LEFT JOIN lengths ON lengths.item_uri = known.item_uri
    WHERE known.source = 'api'
),
pairs AS (
    SELECT
        asked.user_id,
        asked.play_key AS api_key,
        exported.play_key AS export_key,
        row_number() OVER (
            ORDER BY
                abs(asked.moment - epoch_us(exported.played_at)),
                asked.moment,
                epoch_us(exported.played_at),
                asked.user_id,
                asked.play_key,
                exported.play_key
        ) AS place
    FROM asked
    JOIN exported ON exported.user_id = asked.user_id AND exported.item_uri = asked.item_uri
    WHERE abs(asked.moment - epoch_us(exported.played_at)) < asked.reach
),
-- In each round those pairs are taken that are the nearest for both, and other pairs with one of them are over.
rounds AS (
    SELECT user_id, api_key, export_key, place, false AS is_taken
    FROM pairs
    UNION ALL
    SELECT user_id, api_key, export_key, place, is_taken
    FROM (
        SELECT
            *,
            bool_or(is_taken) OVER (PARTITION BY user_id, api_key)
                OR bool_or(is_taken) OVER (PARTITION BY user_id, export_key) AS is_over
        FROM (
            SELECT
                user_id,
                api_key,
                export_key,
                place,
                place = min(place) OVER (PARTITION BY user_id, api_key)
                    AND place = min(place) OVER (PARTITION BY user_id, export_key) AS is_taken
            FROM rounds
            WHERE NOT is_taken
        ) AS nearest
    ) AS decided
    WHERE is_taken OR NOT is_over
),
same AS (
    SELECT user_id, api_key, export_key FROM rounds WHERE is_taken
)
SELECT
    exported.user_id,
    exported.played_at,
    exported.played_at_precision,
    exported.item_uri,
    coalesce(exported.item_type, api.item_type) AS item_type,
    coalesce(exported.item_name, api.item_name) AS item_name,
    coalesce(exported.artist_name, api.artist_name) AS artist_name,
    coalesce(exported.album_name, api.album_name) AS album_name,
    api.context_uri,
    api.context_type,
    exported.ms_played,
    exported.reason_start,
    exported.reason_end,
    exported.shuffle,
    exported.skipped,
    exported.offline,
    exported.offline_at,
    exported.platform,
    exported.country,
    exported.incognito,
    CASE WHEN same.api_key IS NULL THEN 'export' ELSE 'both' END AS source,
    exported.play_key
FROM exported
LEFT JOIN same ON same.user_id = exported.user_id AND same.export_key = exported.play_key
LEFT JOIN known AS api ON api.user_id = same.user_id AND api.play_key = same.api_key AND api.source = 'api'
UNION ALL
SELECT
    known.user_id,
    known.played_at,
    known.played_at_precision,
    known.item_uri,
    known.item_type,
    known.item_name,
    known.artist_name,
    known.album_name,
    known.context_uri,
    known.context_type,
    known.ms_played,
    known.reason_start,
    known.reason_end,
    known.shuffle,
    known.skipped,
    known.offline,
    known.offline_at,
    known.platform,
    known.country,
    known.incognito,
    'api' AS source,
    known.play_key
FROM known
LEFT JOIN same ON same.user_id = known.user_id AND same.api_key = known.play_key
WHERE known.source = 'api' AND same.api_key IS NULL
