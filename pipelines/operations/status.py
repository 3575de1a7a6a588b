"""The status of a lake: its contents, and how recent they are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.destinations.lake import Lake
from pipelines.operations.query import run_sql
from pipelines.operations.result import Result
from sources.exit_codes import FAILURE, SUCCESS
from sources.spotify.resources.audit import next_audit

TOLD = ("playlists", "playlist_reads", "resource_reads", "runs")
"""The tables that record the outcomes of syncs."""

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
    CASE WHEN latest.outcome NOT IN ('read', 'metadata_only') THEN latest.message END AS problem,
    playlists.in_library
FROM playlists
LEFT JOIN checks USING (playlist_id)
LEFT JOIN latest USING (playlist_id)
WHERE playlists.in_library OR (playlists.in_library IS NULL AND playlists.access IS NOT NULL)
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
    """One row per playlist that has not left: access, last read, snapshot, next audit, and what went wrong last.

    Where `in_library` is null, only syncs that name the playlist read it, and no other can be late with its audit.

    Raises:
        ConfigurationError: there is nothing there yet.
    """
    with lake.open(only=TOLD) as connection:
        result = run_sql(connection, _PLAYLISTS)
    place = result.columns.index("next_audit_at")
    for index, row in enumerate(result.rows):
        if row[place] is not None:
            due = next_audit(row[0], row[place], audit_after)
            result.rows[index] = (*row[:place], due, *row[place + 1 :])
    return result


_RESOURCES = """
WITH latest AS (
    SELECT *
    FROM resource_reads
    QUALIFY row_number() OVER (PARTITION BY resource, subject, user_id ORDER BY finished_at DESC) = 1
),
good AS (
    SELECT
        resource,
        subject,
        user_id,
        arg_max(items, finished_at) AS items,
        max(finished_at) AS last_read_at,
        max(finished_at) FILTER (new_items > 0) AS last_new_at
    FROM resource_reads
    WHERE outcome IN ('read', 'unchanged')
    GROUP BY resource, subject, user_id
)
SELECT
    'playlists' AS resource,
    '' AS subject,
    NULL AS user_id,
    (SELECT count(*) FROM playlists WHERE in_library OR (in_library IS NULL AND access IS NOT NULL)) AS items,
    max(finished_at) AS last_read_at,
    max(finished_at) FILTER (new_items > 0) AS last_new_at,
    'read' AS outcome,
    NULL AS problem
FROM playlist_reads
WHERE outcome = 'read'
HAVING count(*) > 0
UNION ALL
SELECT
    latest.resource,
    latest.subject,
    latest.user_id,
    good.items,
    good.last_read_at,
    good.last_new_at,
    latest.outcome,
    latest.message AS problem
FROM latest
LEFT JOIN good
    ON good.resource = latest.resource
    AND good.subject = latest.subject
    AND good.user_id IS NOT DISTINCT FROM latest.user_id
ORDER BY ALL
"""


def resources_status(lake: Lake) -> Result:
    """One row per part of a resource: how many items it has, when something else and something new was last found.

    Readings in which nothing had changed leave no trace. Playlists, which have a status of their own, are one row.

    Raises:
        ConfigurationError: there is nothing there yet.
    """
    with lake.open(only=TOLD) as connection:
        known = "SELECT 1 FROM information_schema.tables WHERE table_name = 'resource_reads'"
        if not run_sql(connection, known).rows:
            # Only earlier versions have written here.
            return Result([], [])
        return run_sql(connection, _RESOURCES)


_HEALTH = """
SELECT
    {account} AS account,
    max(finished_at) FILTER (
        exit_code = 0
        AND finished_at <= TIMESTAMPTZ '{now}'
        AND _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)
    ) AS good_at
FROM runs
WHERE outcome IS DISTINCT FROM 'imported'
GROUP BY 1
ORDER BY good_at NULLS FIRST
"""

_NEWEST = """
SELECT started_at, outcome, message
FROM runs
WHERE outcome IS DISTINCT FROM 'imported'
ORDER BY started_at DESC
LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a lake is up to date.

    Attributes:
        is_well: the last sync did its work, and not too long ago.
        message: one line that says so, or what is wrong.
    """

    is_well: bool
    message: str

    @property
    def exit_code(self) -> int:
        """What `playlake status --check` ends with."""
        return SUCCESS if self.is_well else FAILURE


def check_health(lake: Lake, max_age: timedelta, now: datetime, accounts: Collection[str] = ()) -> Health:
    """Checks the last runs; failed runs and runs that never started do not count.

    Where several accounts share a lake, each must have had a good sync. One whose load was cut off does not count, nor
    does one that a wrong clock has put into the future.

    Args:
        lake: where.
        max_age: how old the last sync may be that read all it should.
        now: the time.
        accounts: ids of the users that count; none for all that ever synced.

    Raises:
        ConfigurationError: there is nothing there yet.
    """
    with lake.open(only=TOLD) as connection:
        columns = run_sql(connection, "SELECT * FROM runs LIMIT 0").columns
        # Syncs by id do not know whose they are, and lakes of earlier versions have no such column.
        account = "user_id" if "user_id" in columns else "NULL"
        good = dict(run_sql(connection, _HEALTH.format(account=account, now=now.isoformat())).rows)
        newest = run_sql(connection, _NEWEST).rows
    if not newest:
        return Health(False, f"{lake.location} has no sync yet.")
    anybody = good.pop(None, None)
    if unknown := sorted(set(accounts) - good.keys()):
        known = f"; it has those of {', '.join(sorted(good))}" if good else ""
        return Health(
            False,
            f"{lake.location} has no sync of account {unknown[0]}{known}. --account takes the id of a user at Spotify.",
        )
    wanted = {name: good.get(name) for name in accounts or good} or {None: anybody}
    name, good_at = min(wanted.items(), key=lambda pair: (pair[1] is not None, pair[1]))
    whose = f" of account {name}" if name is not None and len(wanted) > 1 else ""
    if good_at is not None and now - good_at <= max_age:
        return Health(True, f"The last good sync{whose} was at {good_at:%Y-%m-%d %H:%M} UTC.")
    since = f"since {good_at:%Y-%m-%d %H:%M} UTC" if good_at is not None else "ever"
    [(started_at, outcome, message)] = newest
    if outcome == "done" and good_at is not None:
        return Health(False, f"No good sync{whose} {since}, which is longer ago than --max-age allows.")
    last = f"the last one started at {started_at:%Y-%m-%d %H:%M} UTC and ended {outcome}"
    return Health(False, f"No good sync{whose} {since}: {last}{f' ({message})' if message else ''}.")


_UNKNOWN_FIELDS = """
WITH reported AS (
    SELECT started_at, unnest(unknown_fields::JSON[]) AS field
    FROM runs
    WHERE unknown_fields IS NOT NULL
)
SELECT
    field->>'object' AS object,
    field->>'field' AS field,
    arg_max(field->>'place', started_at) AS place,
    arg_max(field->>'endpoint', started_at) AS endpoint,
    arg_max(field->>'type', started_at) AS type,
    count(*) AS runs,
    min(started_at) AS first_seen_at,
    max(started_at) AS last_seen_at
FROM reported
GROUP BY ALL
ORDER BY ALL
"""


def unknown_fields(lake: Lake) -> Result:
    """One row per field that syncs saw in answers and that no table of this version stores, with when it was seen.

    Raises:
        ConfigurationError: there is nothing there yet.
    """
    with lake.open(only=TOLD) as connection:
        columns = run_sql(connection, "SELECT * FROM runs LIMIT 0").columns
        if "unknown_fields" not in columns:
            # Only earlier versions have written here.
            return Result([], [])
        result = run_sql(connection, _UNKNOWN_FIELDS)
    # What the API sends is known to the client, which other questions do without.
    from sources.spotify.api.schema_drift import is_stored

    result.rows[:] = [row for row in result.rows if not is_stored(row[0], row[1])]
    return result


def last_run(lake: Lake) -> Result:
    """The newest row of `runs`.

    Raises:
        ConfigurationError: there is nothing there yet.
    """
    with lake.open(only=TOLD) as connection:
        return run_sql(connection, _LAST_RUN)
