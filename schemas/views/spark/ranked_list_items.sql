-- A place of the newest state of a list that Spotify ranks: ORDER BY list, subject, user_id, place puts them in order.
WITH latest AS (
    SELECT list, subject, user_id, observed_at, item_uris
    FROM ranked_lists
    QUALIFY row_number() OVER (PARTITION BY list, subject, user_id ORDER BY observed_at DESC) = 1
),
listed AS (
    SELECT
        list,
        subject,
        user_id,
        observed_at,
        CAST(position AS BIGINT) + 1 AS place,
        item_uri
    FROM latest
    LATERAL VIEW posexplode(item_uris) entries AS position, item_uri
)
SELECT *, nullif(split_part(item_uri, ':', 2), '') AS item_type
FROM listed
