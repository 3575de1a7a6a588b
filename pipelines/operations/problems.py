"""Problems of a lake and its syncs, for people: the most urgent first, one line each, with what to do."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pipelines.operations.result import Result
from pipelines.operations.status import Health
from pipelines.operations.status_table import problems, rows_of

MOST = 10
"""Lines of what could not be read that are shown; csv and json have all."""
WELL = ("read", "unchanged", "not_available", "metadata_only")
"""How reading a part of a resource ends where there is nothing to do: what is not available is listed as that."""


def problem_messages(
    health: Health, playlists: Result, resources: Result, run: Result, now: datetime, max_age: timedelta
) -> Iterator[str]:
    """One line for each problem.

    Args:
        health: of the lake's syncs.
        playlists: of `playlists_status`.
        resources: of `resources_status`.
        run: of `last_run`.
        now: the time.
        max_age: the maximum delay that is not a problem.
    """
    if not health.is_well:
        yield f"{health.message} Run playlake sync; if it fails, playlake doctor says why."
    else:
        yield from _bad_end(run)
        # Where no sync has run, everything is late, and the sync that is asked for above does that, too.
        yield from _overdue(playlists, now - max_age)
    found = [*problems(playlists), *_unread_parts(resources)]
    yield from found[:MOST]
    if len(found) > MOST:
        yield f"{len(found) - MOST:,} more could not be read: playlake status --format csv has all of them."


def _bad_end(run: Result) -> Iterator[str]:
    """That the last run did not do all of its work, although one shortly before did."""
    for row in rows_of(run):
        if row["exit_code"]:
            text = f"The last run ended {row['outcome']} (exit code {row['exit_code']})"
            text += f": {row['message']}" if row["message"] else "."
            if row["resume_at"]:
                text += f" It can continue at {row['resume_at']:%Y-%m-%d %H:%M} UTC."
            yield text


def _overdue(playlists: Result, since: datetime) -> Iterator[str]:
    # A playlist that was only asked for by id is read by syncs that name it, which need not be scheduled.
    due = sorted(row["next_audit_at"] for row in rows_of(playlists) if row["next_audit_at"] and row["in_library"])
    late = [time for time in due if time < since]
    if late:
        which = "1 playlist is" if len(late) == 1 else f"{len(late):,} playlists are"
        yield f"{which} overdue for an audit, since {late[0]:%Y-%m-%d}: run playlake sync."


def _unread_parts(resources: Result) -> Iterator[str]:
    for row in rows_of(resources):
        if row["outcome"] not in WELL:
            yield f"{row['resource']} {row['subject']}: {row['problem'] or row['outcome']}"
