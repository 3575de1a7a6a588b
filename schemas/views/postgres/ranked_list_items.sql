-- A place of the newest state of a list that Spotify ranks: ORDER BY list, subject, user_id, place puts them in order.
WITH latest AS (
    SELECT DISTINCT ON (list, subject, user_id) list, subject, user_id, observed_at, item_uris::JSONB AS item_uris
    FROM ranked_lists
    WHERE _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)
    ORDER BY list, subject, user_id, observed_at DESC
)
SELECT
    latest.list,
    latest.subject,
    latest.user_id,
    latest.observed_at,
    entry.place,
    entry.item_uri,
    nullif(split_part(entry.item_uri, ':', 2), '') AS item_type
FROM latest
CROSS JOIN LATERAL jsonb_array_elements_text(latest.item_uris) WITH ORDINALITY AS entry (item_uri, place)
