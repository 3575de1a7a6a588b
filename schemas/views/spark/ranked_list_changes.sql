-- A change between two successive states of a list that Spotify ranks: an item entered, left, or stands at another place.
-- An item that was only pushed down by others that entered above it counts as moved, too: its place is another.
WITH seen AS (
    SELECT list, subject, user_id, observed_at, item_uris
    FROM ranked_lists
    QUALIFY row_number() OVER (PARTITION BY list, subject, user_id, observed_at ORDER BY _dlt_load_id) = 1
),
states AS (
    SELECT
        list,
        subject,
        user_id,
        observed_at,
        item_uris,
        row_number() OVER one AS state,
        lead(observed_at) OVER one AS next_observed_at
    FROM seen
    WINDOW one AS (PARTITION BY list, subject, user_id ORDER BY observed_at)
),
listed AS (
    SELECT
        list,
        subject,
        user_id,
        observed_at,
        state,
        next_observed_at,
        CAST(position AS BIGINT) + 1 AS place,
        item_uri
    FROM states
    LATERAL VIEW posexplode(item_uris) entries AS position, item_uri
),
-- An item that appears again in a state is another copy. Places where nothing was shown say nothing.
copies AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY list, subject, user_id, state, item_uri ORDER BY place) AS copy
    FROM listed
    WHERE item_uri IS NOT NULL
),
neighbours AS (
    SELECT
        *,
        lag(state) OVER one AS state_before,
        lag(place) OVER one AS last_place,
        lead(state) OVER one AS state_after
    FROM copies
    WINDOW one AS (PARTITION BY list, subject, user_id, item_uri, copy ORDER BY state)
)
SELECT list, subject, user_id, observed_at, 'entered' AS change, item_uri, CAST(NULL AS BIGINT) AS place_before, place
FROM neighbours
WHERE state > 1 AND state_before IS DISTINCT FROM state - 1
UNION ALL
SELECT list, subject, user_id, next_observed_at, 'left', item_uri, place, NULL
FROM neighbours
WHERE next_observed_at IS NOT NULL AND state_after IS DISTINCT FROM state + 1
UNION ALL
SELECT list, subject, user_id, observed_at, 'moved', item_uri, last_place, place
FROM neighbours
WHERE state_before = state - 1 AND last_place <> place
