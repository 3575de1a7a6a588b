-- A place of the newest state of a list that Spotify ranks: ORDER BY list, subject, user_id, place puts them in order.
WITH latest AS (
    SELECT list, subject, user_id, observed_at, item_uris::VARCHAR[] AS item_uris
    FROM ranked_lists
    WHERE _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)
    QUALIFY row_number() OVER (PARTITION BY list, subject, user_id ORDER BY observed_at DESC) = 1
),
listed AS (
    SELECT
        list,
        subject,
        user_id,
        observed_at,
        generate_subscripts(item_uris, 1) AS place,
        unnest(item_uris) AS item_uri
    FROM latest
)
SELECT *, nullif(split_part(item_uri, ':', 2), '') AS item_type
FROM listed
