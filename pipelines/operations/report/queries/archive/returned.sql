-- The stays that are returns.
SELECT stay
FROM stays
WHERE is_return
ORDER BY listed_from DESC, stay
