-- Every stay, with the item and the times as numbers: whole seconds for the addition, microseconds for states.
SELECT
    playlist_id,
    item,
    epoch(added_at)::BIGINT AS added,
    coalesce(added_by, '') AS added_by,
    epoch_us(listed_from) AS listed_from,
    epoch_us(listed_until) AS listed_until,
    first_position AS position
FROM stays
JOIN listed_items ON listed_items.item_uri IS NOT DISTINCT FROM stays.item_uri
ORDER BY stay
