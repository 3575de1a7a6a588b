"""`playlake status` on a terminal: a table of 80 columns, and a sentence on the last run."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from pipelines.operations.result import Result


def overview(playlists: Result) -> Result:
    """The rows of `playlists_status` without ids, with short headings and times in UTC to the minute.

    The next audit of a playlist that is in no library is that of the next sync that names it.
    """
    columns = ["playlist", "items", "access", "last read (UTC)", "next audit"]
    rows = [
        (
            row["name"],
            row["items_total"],
            row["access"],
            _minute(row["last_read_at"]),
            _day(row["next_audit_at"]) if row["in_library"] else "when named",
        )
        for row in rows_of(playlists)
    ]
    return Result(columns, rows)


def newest(playlists: Result, most: int | None) -> Result:
    """The rows of `playlists_status` that were read last, the newest first; null for all of them."""
    read_at = playlists.columns.index("last_read_at")
    rows = sorted(
        (row for row in playlists.rows if row[read_at] is not None), key=lambda row: row[read_at], reverse=True
    )
    rows += [row for row in playlists.rows if row[read_at] is None]
    return Result(playlists.columns, rows[:most])


def resources_overview(resources: Result) -> Result:
    """The rows of `resources_status` with short headings and times in UTC to the minute."""
    columns = ["resource", "part", "items", "last new (UTC)", "outcome"]
    rows = [
        (row["resource"], row["subject"], row["items"], _minute(row["last_new_at"]), row["outcome"])
        for row in rows_of(resources)
    ]
    return Result(columns, rows)


def problems(playlists: Result) -> Iterator[str]:
    """A line for each playlist that could not be read the last time; one for all that ended in the same words."""
    named: dict[str, list[str]] = {}
    for row in rows_of(playlists):
        if row["problem"]:
            name = f"{row['name'] or 'A playlist without a name'} ({row['playlist_id']})"
            named.setdefault(row["problem"], []).append(name)
    for problem, names in named.items():
        others = f" and {len(names) - 1:,} more" if len(names) > 1 else ""
        yield f"{names[0]}{others}: {problem}"


def run_line(runs: Result) -> str:
    """The result of the newest run, from `last_run`, and its message."""
    for run in rows_of(runs):
        took = f", in {(run['finished_at'] - run['started_at']).total_seconds():,.0f} s" if run["finished_at"] else ""
        text = (
            f"Last run: {run['outcome']} (exit code {run['exit_code']}) at {_minute(run['started_at'])} UTC{took}; "
            f"{run['playlists']} playlists, {run['read']} read, {run['unchanged']} unchanged, {run['failed']} failed; "
            f"+{run['new_items'] or 0:,} -{run['removed_items'] or 0:,} items; {run['requests']:,} requests."
        )
        if run["resume_at"]:
            text += f" It can continue at {_minute(run['resume_at'])} UTC."
        return f"{text}\n{run['message']}" if run["message"] else text
    return "No run has finished yet."


def rows_of(result: Result) -> Iterator[dict[str, Any]]:
    """Each row as a dictionary of its columns."""
    for row in result.rows:
        yield dict(zip(result.columns, row, strict=True))


def _minute(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


def _day(at: date | None) -> str:
    return f"{at:%Y-%m-%d}" if at else ""
