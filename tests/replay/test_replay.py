"""A short replay of real playlists, day by day, and the truth that it is held against."""

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.destinations.lake import Lake
from tests.replay.replaying import changing_days, replay
from tests.replay.truth import Truth
from tests.replay.verdict import Calendar, verdicts

DAYS = 10
FIRST = date(2020, 1, 1)


@pytest.mark.long
@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
def test_the_first_days_come_out_as_they_were(shared: Path, tmp_path: Path, destination: str) -> None:
    """After a sync a day, every item, state, stay, addition, removal and move is as the observations say."""
    history = shared / "data" / "playlist_history"
    days = changing_days(history)[:DAYS]
    lake = Lake(destination, str(tmp_path / "lake"))

    steps = list(replay(history, days, lake))

    calendar = Calendar([(step.started_at, step.day) for step in steps])
    found = verdicts(lake, Truth(history, days[-1]), calendar)
    assert [verdict for verdict in found if verdict.percent < 100] == []
    assert all(verdict.expected for verdict in found)
    # The days before the last are another truth: what cannot differ compares nothing.
    assert all(verdict.percent < 100 for verdict in verdicts(lake, Truth(history, days[-2]), calendar))


def test_the_truth_of_a_small_history(tmp_path: Path) -> None:
    """Leaving and returning are two stays, copies are distinguished in order, and only what jumps has moved."""
    versions = ["abcd", "dabe", "dabe", "aa", "aab", "abcd"]
    _write(tmp_path, versions)
    truth = Truth(tmp_path)

    assert list(truth.contents) == [("p", position, f"spotify:track:{item}") for position, item in enumerate("abcd")]
    assert list(truth.versions) == [("p", _day(number), len(items)) for number, items in enumerate(versions)]
    assert sorted(truth.stays, key=str) == sorted(
        [
            ("p", "spotify:track:a", _day(0), _day(0), None, 0, 0),
            ("p", "spotify:track:a", _day(0), _day(3), _day(5), 1, 1),
            ("p", "spotify:track:b", _day(0), _day(0), _day(3), 1, 2),
            ("p", "spotify:track:b", _day(4), _day(4), None, 2, 1),
            ("p", "spotify:track:c", _day(0), _day(0), _day(1), 2, 2),
            ("p", "spotify:track:c", _day(5), _day(5), None, 2, 2),
            ("p", "spotify:track:d", _day(0), _day(0), _day(3), 3, 0),
            ("p", "spotify:track:d", _day(5), _day(5), None, 3, 3),
            ("p", "spotify:track:e", _day(1), _day(1), _day(3), 3, 3),
        ],
        key=str,
    )
    assert list(truth.moves) == [("p", _day(1), 1)]
    assert sorted(change for change in truth.changes if change[1] == _day(1)) == [
        ("p", _day(1), "added", "spotify:track:e", None, 3),
        ("p", _day(1), "removed", "spotify:track:c", 2, None),
    ]


def _day(number: int) -> date:
    return FIRST + timedelta(days=number)


def _write(folder: Path, versions: list[str]) -> None:
    """A history of one playlist, a version a day; a letter is a track."""
    rows = [
        (_day(number), "p", position, item)
        for number, items in enumerate(versions)
        for position, item in enumerate(items, 1)
    ]
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE entries (day DATE, playlist_id TEXT, position INT, track_id TEXT)")
        connection.executemany("INSERT INTO entries VALUES (?, ?, ?, ?)", rows)
        connection.execute(f"COPY entries TO '{folder / 'entries.parquet'}'")
