-- Every item that was ever on a playlist, with its texts; `credits` is how many artists of the next query are its own.
SELECT item_uri, title, artists, album, released_on::VARCHAR AS released_on, seconds, coalesce(credits, 0) AS credits
FROM listed_items
LEFT JOIN (SELECT item, count(*) AS credits FROM listed_credits GROUP BY item) USING (item)
ORDER BY item
