"""What the lake should say after a replay, worked out from the files of a history alone.

No view, table or function of the product is used. Where a track stands several times on a playlist, its copies are
distinguished by which one in order they are: that is all that the API tells of them too.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb

Thing = tuple[str, int]
"""URI of a track, and which of its copies on the playlist it is, from 0."""

Place = tuple[str, int, str]
"""Playlist, position from 0, and URI of what stands there."""

Stay = tuple[str, str, date, date, date | None, int, int]
"""Playlist, URI, day of `added_at`, first day there, first day no longer there, first and last position."""

Change = tuple[str, date, str, str, int | None, int | None]
"""Playlist, day, `added` or `removed`, URI, position before and after."""


@dataclass(frozen=True, slots=True)
class State:
    """What stands on a playlist from a day on."""

    day: date
    things: list[Thing]

    @property
    def places(self) -> dict[Thing, int]:
        """Where each thing stands, from 0."""
        return {thing: position for position, thing in enumerate(self.things)}


class Truth:
    """A history up to a day.

    Attributes:
        states: the versions of every playlist, in order. Two in succession may hold the same: then something else about
            the playlist changed.
    """

    def __init__(self, folder: Path, last: date | None = None) -> None:
        self.states: dict[str, list[State]] = {}
        rows = duckdb.execute(
            """
            SELECT playlist_id, day, list('spotify:track:' || track_id ORDER BY position)
            FROM read_parquet($entries)
            WHERE day <= coalesce($last, day)
            GROUP BY playlist_id, day
            ORDER BY playlist_id, day
            """,
            {"entries": str(folder / "entries.parquet"), "last": last},
        ).fetchall()
        for playlist_id, day, uris in rows:
            self.states.setdefault(playlist_id, []).append(State(day, _things(uris)))

    @property
    def contents(self) -> Iterator[Place]:
        """What stands on the playlists on the last day."""
        for playlist_id, states in self.states.items():
            for position, (uri, _) in enumerate(states[-1].things):
                yield playlist_id, position, uri

    @property
    def versions(self) -> Iterator[tuple[str, date, int]]:
        """Playlist, day and number of items of every version."""
        for playlist_id, states in self.states.items():
            for state in states:
                yield playlist_id, state.day, len(state.things)

    @property
    def stays(self) -> Iterator[Stay]:
        """From when to when things stood on the playlists."""
        for playlist_id, states in self.states.items():
            yield from _stays(playlist_id, states)

    @property
    def changes(self) -> Iterator[Change]:
        """What came and went from one version to the next; a playlist's first version is no change."""
        for playlist_id, states in self.states.items():
            for before, after in pairwise(states):
                was, now = before.places, after.places
                for thing in now.keys() - was.keys():
                    yield playlist_id, after.day, "added", thing[0], None, now[thing]
                for thing in was.keys() - now.keys():
                    yield playlist_id, after.day, "removed", thing[0], was[thing], None

    @property
    def moves(self) -> Iterator[tuple[str, date, int]]:
        """Playlist, day and the fewest moves that explain the new order, where there are any."""
        for playlist_id, states in self.states.items():
            for before, after in pairwise(states):
                places = kept_places(before, after)
                moves = len(places) - _longest_rise(places)
                if moves:
                    yield playlist_id, after.day, moves


def kept_places(before: State, after: State) -> list[int]:
    """Where the things that stayed stood before, in the order in which they stand now."""
    was = before.places
    return [was[thing] for thing in after.things if thing in was]


def _things(uris: Sequence[str]) -> list[Thing]:
    seen: Counter[str] = Counter()
    things = []
    for uri in uris:
        things.append((uri, seen[uri]))
        seen[uri] += 1
    return things


def _stays(playlist_id: str, states: Sequence[State]) -> Iterator[Stay]:
    """The stays on one playlist. `added_at` is the first day of the track's stay, whichever of its copies stayed."""
    here: dict[Thing, tuple[date, date, int, int]] = {}
    added: dict[str, date] = {}
    for state in states:
        places = state.places
        for thing in here.keys() - places.keys():
            since, listed_from, first, last = here.pop(thing)
            yield playlist_id, thing[0], since, listed_from, state.day, first, last
        added = {uri: added.get(uri, state.day) for uri, _ in state.things}
        for thing, position in places.items():
            since, listed_from, first, _ = here.get(thing, (added[thing[0]], state.day, position, position))
            here[thing] = since, listed_from, first, position
    for thing, (since, listed_from, first, last) in here.items():
        yield playlist_id, thing[0], since, listed_from, None, first, last


def _longest_rise(values: Sequence[int]) -> int:
    """Length of the longest strictly increasing subsequence."""
    tails: list[int] = []
    for value in values:
        at = bisect_left(tails, value)
        tails[at : at + 1] = [value]
    return len(tails)
