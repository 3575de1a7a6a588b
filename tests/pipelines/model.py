"""What the three views should say, worked out from a sandbox's entries alone."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

from sources.spotify_sandbox import Entry, Playlist, World

Thing = tuple[str | None, datetime | None, int]
"""An addition: URI, when it was added, and which one it is among exact equals."""

State = tuple[int, list[Thing]]
"""The number of a sync, and a playlist's things in order as it found them."""


class Model:
    """The states in which syncs found the playlists of a world."""

    def __init__(self) -> None:
        self.states: dict[str, list[State]] = {}
        self.syncs = 0

    def observe(self, world: World, readable: Callable[[Playlist], bool] = lambda _: True) -> tuple[int, int]:
        """Notes what a sync sees now; returns how many things are new, and how many are gone."""
        new = gone = 0
        for playlist in world.listed():
            if not readable(playlist):
                continue
            states, things = self.states.setdefault(playlist.id, []), list(_things(playlist.entries))
            before = set(states[-1][1]) if states else set()
            new, gone = new + len(set(things) - before), gone + len(before - set(things))
            if not states or states[-1][1] != things:
                states.append((self.syncs, things))
        self.syncs += 1
        return new, gone

    def items(self) -> Counter[tuple[Any, ...]]:
        """The rows of playlist_items: playlist, position, URI, added when."""
        return Counter(
            (playlist_id, position, *thing[:2])
            for playlist_id, states in self.states.items()
            for position, thing in enumerate(states[-1][1])
        )

    def stays(self) -> Counter[tuple[Any, ...]]:
        """The rows of playlist_item_history: playlist, URI, added when, from, until, first, last place."""
        return Counter(
            (playlist_id, *thing[:2], *stay)
            for playlist_id, states in self.states.items()
            for thing in {thing for _, things in states for thing in things}
            for stay in _stays(thing, states)
        )

    def comings(self) -> Counter[tuple[Any, ...]]:
        """The rows of playlist_changes but the moves: playlist, sync, change, URI, from and to which place."""
        rows: Counter[tuple[Any, ...]] = Counter()
        for playlist_id, states in self.states.items():
            for (_, before), (sync, after) in pairwise(states):
                rows.update(
                    (playlist_id, sync, "added", thing[0], None, after.index(thing))
                    for thing in set(after) - set(before)
                )
                rows.update(
                    (playlist_id, sync, "removed", thing[0], before.index(thing), None)
                    for thing in set(before) - set(after)
                )
        return rows

    def check_moves(self, rows: list[dict[str, Any]]) -> int:
        """Checks the moves of playlist_changes: real, enough to explain the new order, and as few as can be.

        Returns:
            How many there are.
        """
        moves: dict[tuple[str, int], list[dict[str, Any]]] = {}
        for row in rows:
            moves.setdefault((row["playlist_id"], row["observed_at"]), []).append(row)
        number = sum(map(len, moves.values()))
        for playlist_id, states in self.states.items():
            for (_, before), (sync, after) in pairwise(states):
                _check_moves(before, after, moves.pop((playlist_id, sync), []))
        assert moves == {}
        return number


def _things(entries: tuple[Entry, ...]) -> Iterator[Thing]:
    seen: Counter[tuple[str | None, str | None]] = Counter()
    for entry in entries:
        same = (entry.uri, entry.added_at)
        added_at = datetime.fromisoformat(entry.added_at) if entry.added_at else None
        yield entry.uri, added_at, seen[same]
        seen[same] += 1


def _stays(thing: Thing, states: list[State]) -> Iterator[tuple[int, int | None, int, int]]:
    """From which sync, until which, and the first and last place of each stay."""
    since: int | None = None
    first = last = 0
    for sync, things in states:
        if thing in things:
            last = things.index(thing)
            if since is None:
                since, first = sync, last
        elif since is not None:
            yield since, sync, first, last
            since = None
    if since is not None:
        yield since, None, first, last


def _check_moves(before: list[Thing], after: list[Thing], moves: list[dict[str, Any]]) -> None:
    for move in moves:
        assert before[move["from_position"]] == after[move["to_position"]]
        assert after[move["to_position"]][0] == move["item_uri"]
    moved = {after[move["to_position"]] for move in moves}
    stayed = (set(before) & set(after)) - moved
    assert [thing for thing in before if thing in stayed] == [thing for thing in after if thing in stayed]
    places = [before.index(thing) for thing in after if thing in set(before)]
    assert len(moves) == len(moved) == len(places) - _longest_rise(places)


def _longest_rise(numbers: list[int]) -> int:
    """How many of these can stay where they are at most."""
    tails: list[int] = []
    for number in numbers:
        at = bisect_left(tails, number)
        tails[at : at + 1] = [number]
    return len(tails)
