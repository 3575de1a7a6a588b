"""The status of a lake as a person reads it."""

from datetime import UTC, datetime, timedelta

from pipelines.operations.query import Result
from pipelines.operations.status_table import overview, problems, run_line

AT = datetime(2026, 11, 22, 9, 5, 59, tzinfo=UTC)
PLAYLISTS = Result(
    [
        *("playlist_id", "name", "access", "items_total", "last_read_at", "snapshot_id"),
        *("next_audit_at", "problem", "in_library"),
    ],
    [
        ("a" * 22, "Road trip", "readable", 7, AT, "x" * 32, AT + timedelta(days=7), None, True),
        ("b" * 22, None, "metadata_only", 3, None, "y" * 32, None, "It is not there.", True),
        ("c" * 22, "Of a friend", "readable", 5, AT, "z" * 32, AT - timedelta(days=7), None, None),
    ],
)
RUN = {
    "started_at": AT,
    "finished_at": AT + timedelta(seconds=61),
    "outcome": "later",
    "exit_code": 75,
    "playlists": 80,
    "unchanged": 70,
    "read": 3,
    "failed": 0,
    "requests": 1200,
    "new_items": 14552,
    "removed_items": None,
    "resume_at": AT + timedelta(hours=14),
    "message": "The quota is used up.",
}


def test_playlists_fit_a_line_and_problems_are_below() -> None:
    """Ids are only where there is a problem to look into; what is not known is left empty."""
    assert overview(PLAYLISTS).rows == [
        ("Road trip", 7, "readable", "2026-11-22 09:05", "2026-11-29"),
        (None, 3, "metadata_only", "", ""),
        ("Of a friend", 5, "readable", "2026-11-22 09:05", "when named"),
    ]
    assert list(problems(PLAYLISTS)) == [f"A playlist without a name ({'b' * 22}): It is not there."]


def test_a_run_is_described_in_sentences() -> None:
    """A run that stopped early says until when to wait, and why; without runs that is said."""
    assert run_line(Result(list(RUN), [tuple(RUN.values())])) == (
        "Last run: later (exit code 75) at 2026-11-22 09:05 UTC, in 61 s; 80 playlists, 3 read, 70 unchanged, "
        "0 failed; +14,552 -0 items; 1,200 requests. It can continue at 2026-11-22 23:05 UTC.\nThe quota is used up."
    )
    assert run_line(Result(list(RUN), [])) == "No run has finished yet."
