-- The artists of all items, item by item, in the order of the credits.
SELECT artist
FROM listed_credits
JOIN listed_artists USING (artist_key)
ORDER BY item, position
