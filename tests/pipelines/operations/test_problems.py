"""What `playlake status` says first."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipelines.operations.problems import problem_messages
from pipelines.operations.result import Result
from pipelines.operations.status import Health
from pipelines.operations.status_table import newest

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)
WELL, ILL = Health(True, "The last good sync was today."), Health(False, "No good sync ever.")
PLAYLIST = {
    "playlist_id": "a" * 22,
    "name": "Road trip",
    "next_audit_at": NOW + DAY,
    "problem": None,
    "in_library": True,
}
PART = {"resource": "saved_items", "subject": "tracks", "outcome": "unchanged", "problem": None}
RUN = {"exit_code": 0, "outcome": "done", "message": None, "resume_at": None}


def rows(usual: dict[str, Any], *others: dict[str, Any]) -> Result:
    """Rows that differ from the usual one."""
    return Result(list(usual), [tuple((usual | other).values()) for other in others])


def told(
    *, health: Health = WELL, playlists: Result | None = None, parts: Result | None = None, run: Result | None = None
) -> list[str]:
    """What is said where all else is well."""
    usual = rows(PLAYLIST, {}), rows(PART, {}), rows(RUN, {})
    return list(problem_messages(health, playlists or usual[0], parts or usual[1], run or usual[2], NOW, DAY))


LATER = {"exit_code": 75, "outcome": "later", "message": "The quota is used up.", "resume_at": NOW + DAY}
GONE = {"problem": "It is not there."}


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        ({}, []),
        (
            {"health": ILL, "run": rows(RUN, LATER), "playlists": rows(PLAYLIST, {"next_audit_at": NOW - 3 * DAY})},
            ["No good sync ever. Run playlake sync; if it fails, playlake doctor says why."],
        ),
        (
            {"run": rows(RUN, LATER)},
            ["The last run ended later (exit code 75): The quota is used up. It can continue at 2026-11-23 09:00 UTC."],
        ),
        (
            {"playlists": rows(PLAYLIST, *[{"next_audit_at": NOW - 3 * DAY}, {"next_audit_at": NOW - DAY / 2}])},
            ["1 playlist is overdue for an audit, since 2026-11-19: run playlake sync."],
        ),
        ({"playlists": rows(PLAYLIST, {"next_audit_at": NOW - 3 * DAY, "in_library": None})}, []),
        (
            {"playlists": rows(PLAYLIST, GONE, GONE | {"name": "Other"}, {"name": None, "problem": "It is hidden."})},
            [
                f"Road trip ({'a' * 22}) and 1 more: It is not there.",
                f"A playlist without a name ({'a' * 22}): It is hidden.",
            ],
        ),
        (
            {"parts": rows(PART, {"outcome": "failed", "problem": "HTTP 500"}, {"outcome": "not_available"})},
            ["saved_items tracks: HTTP 500"],
        ),
    ],
)
def test_what_is_wrong_has_a_line(given: dict[str, Any], lines: list[str]) -> None:
    """What failed and what is overdue is said with what to do; what is well, not for this app or implied is not."""
    assert told(**given) == lines


def test_of_very_much_the_first_is_said() -> None:
    """Ten lines, and how many there are besides."""
    many = told(playlists=rows(PLAYLIST, *({"problem": f"It broke {number} times."} for number in range(14))))
    assert len(many) == 11
    assert many[-1] == "4 more could not be read: playlake status --format csv has all of them."


def test_the_newest_playlists_come_first() -> None:
    """Those that were read last, then those that never were, and no more than asked for."""
    listed = Result(["name", "last_read_at"], [("a", NOW - DAY), ("b", None), ("c", NOW), ("d", NOW - DAY)])
    assert [name for name, _ in newest(listed, None).rows] == ["c", "a", "d", "b"]
    assert [name for name, _ in newest(listed, 2).rows] == ["c", "a"]
