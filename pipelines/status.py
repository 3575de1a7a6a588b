"""What a lake holds and how fresh it is."""

from datetime import timedelta

from pipelines.lake import Lake
from pipelines.query import Result, run_sql
from sources.spotify.audit import next_audit

_PLAYLISTS = """
WITH checks AS (
    SELECT playlist_id, max(finished_at) AS checked_at
    FROM playlist_reads
    WHERE outcome IN ('read', 'metadata_only', 'gone')
    GROUP BY playlist_id
),
latest AS (
    SELECT playlist_id, outcome, message
    FROM playlist_reads
    QUALIFY row_number() OVER (PARTITION BY playlist_id ORDER BY finished_at DESC) = 1
)
SELECT
    playlists.playlist_id,
    playlists.name,
    playlists.access,
    playlists.items_total,
    playlists.last_read_at,
    playlists.snapshot_id,
    checks.checked_at AS next_audit_at,
    CASE WHEN latest.outcome NOT IN ('read', 'metadata_only') THEN latest.message END AS problem
FROM playlists
LEFT JOIN checks USING (playlist_id)
LEFT JOIN latest USING (playlist_id)
ORDER BY playlists.name, playlists.playlist_id
"""

_LAST_RUN = """
SELECT started_at, finished_at, outcome, exit_code, playlists, unchanged, read, failed, requests,
    new_items, removed_items, resume_at, message
FROM runs
ORDER BY started_at DESC
LIMIT 1
"""


def playlists_status(lake: Lake, audit_after: timedelta) -> Result:
    """One row per playlist: access, last read, snapshot, next audit, and what went wrong last.

    Raises:
        ConfigurationError: there is nothing there yet.
    """
    with lake.open() as connection:
        result = run_sql(connection, _PLAYLISTS)
    place = result.columns.index("next_audit_at")
    for index, row in enumerate(result.rows):
        if row[place] is not None:
            due = next_audit(row[0], row[place], audit_after)
            result.rows[index] = (*row[:place], due, *row[place + 1 :])
    return result


def last_run(lake: Lake) -> Result:
    """The newest row of `runs`.

    Raises:
        ConfigurationError: there is nothing there yet.
    """
    with lake.open() as connection:
        return run_sql(connection, _LAST_RUN)
