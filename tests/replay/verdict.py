"""A lake held against the truth: what it says of contents, states, stays and changes, row by row."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import duckdb

from pipelines.destinations.lake import Lake
from tests.replay.truth import Change, Place, State, Stay, Truth, kept_places

Move = tuple[str, int, int]
"""URI, position before and after."""

EXAMPLES = 5
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one kind of rows compares.

    Attributes:
        what: the kind.
        expected: how many rows there should be.
        found: how many there are.
        same: how many are the same.
        missing: some that should be there and are not.
        surplus: some that are there and should not be.
    """

    what: str
    expected: int
    found: int
    same: int
    missing: list[str] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)

    @property
    def percent(self) -> float:
        """Of all rows expected or found, how many are the same."""
        everything = self.expected + self.found - self.same
        return 100.0 * self.same / everything if everything else 100.0


class Calendar:
    """Which day of the history a time belongs to: that of the sync that was running.

    Args:
        started: when each sync began, and the day that it saw, in order.
    """

    def __init__(self, started: Sequence[tuple[datetime, date]]) -> None:
        self._micros = [(moment - EPOCH) // MICROSECOND for moment, _ in started]
        self._days = [day for _, day in started]

    def __call__(self, micros: int) -> date:
        """The day of a time, in microseconds since 1970."""
        return self._days[bisect_right(self._micros, micros) - 1]


def verdicts(lake: Lake, truth: Truth, calendar: Calendar) -> list[Verdict]:
    """Everything that is compared."""
    with lake.open() as connection:
        return [
            _compared("contents", truth.contents, _contents(connection)),
            _compared("states", truth.versions, _versions(connection, calendar)),
            _compared("stays", truth.stays, _stays(connection, calendar)),
            _compared("added and removed", truth.changes, _changes(connection, calendar)),
            _compared("moves", truth.moves, _moves(connection, calendar, truth)),
        ]


def _compared(what: str, expected: Iterable[Hashable], found: Iterable[Hashable]) -> Verdict:
    should, does = Counter(expected), Counter(found)
    missing, surplus = (sorted(map(str, rows.elements())) for rows in (should - does, does - should))
    same = (should & does).total()
    return Verdict(what, should.total(), does.total(), same, missing[:EXAMPLES], surplus[:EXAMPLES])


def _contents(connection: duckdb.DuckDBPyConnection) -> Iterator[Place]:
    yield from connection.execute("SELECT playlist_id, position, item_uri FROM playlist_items").fetchall()


def _versions(connection: duckdb.DuckDBPyConnection, day: Calendar) -> Iterator[tuple[str, date, int]]:
    sql = "SELECT playlist_id, epoch_us(observed_at), item_count FROM playlist_snapshots"
    for playlist_id, observed_at, item_count in connection.execute(sql).fetchall():
        yield playlist_id, day(observed_at), item_count


def _stays(connection: duckdb.DuckDBPyConnection, day: Calendar) -> Iterator[Stay]:
    rows = connection.execute(
        """
        SELECT playlist_id, item_uri, (added_at AT TIME ZONE 'UTC')::DATE,
            epoch_us(listed_from), epoch_us(listed_until), first_position, last_position
        FROM playlist_item_history
        """
    ).fetchall()
    for playlist_id, uri, added, listed_from, listed_until, first, last in rows:
        until = None if listed_until is None else day(listed_until)
        yield playlist_id, uri, added, day(listed_from), until, first, last


def _changes(connection: duckdb.DuckDBPyConnection, day: Calendar) -> Iterator[Change]:
    rows = connection.execute(
        """
        SELECT playlist_id, epoch_us(observed_at), change, item_uri, from_position, to_position
        FROM playlist_changes WHERE change IN ('added', 'removed')
        """
    ).fetchall()
    for playlist_id, observed_at, change, uri, before, after in rows:
        yield playlist_id, day(observed_at), change, uri, before, after


def _moves(connection: duckdb.DuckDBPyConnection, day: Calendar, truth: Truth) -> Iterator[tuple[str, date, int]]:
    """Playlist, day, and how many moves explain the new order; -1 where they do not explain it.

    Which things moved is a choice, as long as they are few and all others stand in the order in which they stood.
    """
    rows = connection.execute(
        """
        SELECT playlist_id, epoch_us(observed_at), item_uri, from_position, to_position
        FROM playlist_changes WHERE change NOT IN ('added', 'removed')
        """
    ).fetchall()
    moves: dict[tuple[str, date], list[Move]] = {}
    for playlist_id, observed_at, uri, before, after in rows:
        moves.setdefault((playlist_id, day(observed_at)), []).append((uri, before, after))
    for playlist_id, states in truth.states.items():
        for old, new in pairwise(states):
            moved = moves.pop((playlist_id, new.day), [])
            if moved:
                yield playlist_id, new.day, len(moved) if _explain(moved, old, new) else -1
    for playlist_id, moved_on in moves:
        yield playlist_id, moved_on, -1


def _explain(moved: Sequence[Move], before: State, after: State) -> bool:
    """Whether each thing went from where it was to where it is, and the others kept their order."""
    was, now = before.things, after.things
    if any(was[old] != now[new] or was[old][0] != uri for uri, old, new in moved):
        return False
    left = {old for _, old, _ in moved}
    return all(a < b for a, b in pairwise(place for place in kept_places(before, after) if place not in left))
