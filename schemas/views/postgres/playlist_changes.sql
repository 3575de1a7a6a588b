-- A change between two successive states of a playlist: an item added, removed or moved.
-- Items that merely shift because others came or went have not moved: moved_keys holds the fewest moves
-- that explain the new order.
WITH completed AS (
    SELECT load_id FROM _dlt_loads WHERE status = 0
),
snapshots AS (
    SELECT DISTINCT ON (playlist_id, observed_at)
        playlist_id,
        observed_at,
        item_keys::JSONB AS item_keys,
        moved_keys::JSONB AS moved_keys
    FROM playlist_snapshots
    WHERE _dlt_load_id IN (SELECT load_id FROM completed)
    ORDER BY playlist_id, observed_at
),
states AS (
    SELECT
        playlist_id,
        observed_at,
        item_keys,
        -- Two machines that sync at once may store one state twice, each with its moves.
        CASE
            WHEN item_keys IS DISTINCT FROM lag(item_keys) OVER one THEN moved_keys
            ELSE '[]'::JSONB
        END AS moved_keys,
        row_number() OVER one AS state,
        lead(observed_at) OVER one AS next_observed_at
    FROM snapshots
    WINDOW one AS (PARTITION BY playlist_id ORDER BY observed_at)
),
listed AS (
    SELECT
        playlist_id,
        observed_at,
        state,
        next_observed_at,
        entry.item_key::BIGINT AS item_key,
        entry.place - 1 AS position,
        moved_keys @> to_jsonb(entry.item_key::BIGINT) AS is_named
    FROM states
    CROSS JOIN LATERAL jsonb_array_elements_text(item_keys) WITH ORDINALITY AS entry (item_key, place)
),
neighbours AS (
    SELECT
        *,
        lag(state) OVER one AS state_before,
        lag(position) OVER one AS position_before,
        lead(state) OVER one AS state_after
    FROM listed
    WINDOW one AS (PARTITION BY playlist_id, item_key ORDER BY state)
),
-- A row for each that holds. With one join, not a UNION ALL of three, a condition on playlist_id reaches the table.
changes AS (
    SELECT playlist_id, told.observed_at, told.change, item_key, told.from_position, told.to_position
    FROM neighbours
    CROSS JOIN LATERAL (
        VALUES
            (state > 1 AND state_before IS DISTINCT FROM state - 1, 'added', observed_at, NULL::BIGINT, position),
            (
                next_observed_at IS NOT NULL AND state_after IS DISTINCT FROM state + 1,
                'removed', next_observed_at, position, NULL
            ),
            (is_named AND state_before = state - 1, 'moved', observed_at, position_before, position)
    ) AS told (holds, change, observed_at, from_position, to_position)
    WHERE told.holds
),
uris AS (
    SELECT playlist_id, item_key, min(item_uri) AS item_uri
    FROM playlist_additions
    WHERE _dlt_load_id IN (SELECT load_id FROM completed)
    GROUP BY playlist_id, item_key
)
SELECT
    changes.playlist_id,
    changes.observed_at,
    changes.change,
    changes.item_key,
    uris.item_uri,
    changes.from_position,
    changes.to_position
FROM changes
LEFT JOIN uris ON uris.playlist_id = changes.playlist_id AND uris.item_key = changes.item_key
