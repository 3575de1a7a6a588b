-- A play, once: what the API and an export tell of the same play is one row, in which the export's details win.
-- They are the same where user and item are and their times differ by less than the item's length plus two minutes,
-- and no play is the same as two: the nearest pairs go first. Of equal distances the earlier play goes first.
WITH known AS (
    SELECT * EXCEPT (_dlt_load_id)
    FROM plays
    QUALIFY row_number() OVER (PARTITION BY user_id, source, play_key ORDER BY first_observed_at) = 1
),
short AS (
    SELECT
        user_id,
        play_key,
        unix_micros(played_at) DIV 60000000 AS minute,
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
    SELECT user_id, unix_micros(played_at) DIV 60000000 AS minute, item_name, artist_name, ms_played, count(*) AS plays
    FROM known
    WHERE source = 'export' AND played_at_precision = 'second'
        AND (user_id, unix_micros(played_at) DIV 60000000) IN (SELECT user_id, minute FROM short)
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
    SELECT
        known.user_id,
        known.play_key,
        known.played_at,
        known.played_at_precision,
        coalesce(known.item_uri, certain.item_uri) AS item_uri,
        known.item_type,
        known.item_name,
        known.artist_name,
        known.album_name,
        known.ms_played,
        known.reason_start,
        known.reason_end,
        known.shuffle,
        known.skipped,
        known.offline,
        known.offline_at,
        known.platform,
        known.country,
        known.incognito
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
        unix_micros(known.played_at) AS moment,
        (coalesce(lengths.duration_ms, 0) + 120000) * 1000 AS reach
    FROM known
    LEFT JOIN lengths ON lengths.item_uri = known.item_uri
    WHERE known.source = 'api'
),
pairs AS (
    SELECT
        asked.user_id,
        asked.item_uri,
        abs(asked.moment - unix_micros(exported.played_at)) AS distance,
        asked.moment AS api_moment,
        unix_micros(exported.played_at) AS export_moment,
        asked.play_key AS api_key,
        exported.play_key AS export_key
    FROM asked
    JOIN exported ON exported.user_id = asked.user_id AND exported.item_uri = asked.item_uri
    WHERE abs(asked.moment - unix_micros(exported.played_at)) < asked.reach
),
-- From the nearest to the farthest, a pair is taken if neither of its plays is in one that was taken before it.
-- Spark's recursion knows no windows; and pairs of one user's plays of one item have nothing to do with others.
taken AS (
    SELECT
        user_id,
        explode(aggregate(
            array_sort(collect_list(struct(distance, api_moment, export_moment, api_key, export_key))),
            CAST(array() AS ARRAY<STRUCT<api_key: BIGINT, export_key: BIGINT>>),
            (taken, pair) -> CASE
                WHEN exists(taken, one -> one.api_key = pair.api_key OR one.export_key = pair.export_key) THEN taken
                ELSE array_append(taken, struct(pair.api_key AS api_key, pair.export_key AS export_key))
            END
        )) AS pair
    FROM pairs
    GROUP BY user_id, item_uri
),
same AS (
    SELECT user_id, pair.api_key, pair.export_key FROM taken
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
