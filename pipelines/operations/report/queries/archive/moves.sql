-- When an item was moved to which position.
SELECT stay, epoch_us(observed_at) AS moved_at, to_position AS position
FROM changes
JOIN stays USING (playlist_id, item_key)
WHERE change = 'moved' AND listed_from < observed_at AND (listed_until IS NULL OR listed_until > observed_at)
ORDER BY stay, observed_at
