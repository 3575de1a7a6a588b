-- The items that are on no playlist of the library any more, the last that left first.
SELECT item
FROM listed_items
JOIN stays USING (item_uri)
WHERE NOT listed_items.is_present
GROUP BY item
ORDER BY max(listed_until) DESC NULLS FIRST, item
