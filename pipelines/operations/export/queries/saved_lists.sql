-- The collections that had been read by the time `moment` (infinity means now).
SELECT DISTINCT
    saved_snapshots.user_id,
    saved_snapshots.collection,
    coalesce(nullif(users.display_name, ''), saved_snapshots.user_id) AS owner
FROM saved_snapshots
LEFT JOIN users ON users.user_id = saved_snapshots.user_id
WHERE saved_snapshots._dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)
    AND saved_snapshots.observed_at <= getvariable('moment')
ORDER BY saved_snapshots.collection, saved_snapshots.user_id
