"""The edit history of a playlist: maps positions in an earlier snapshot to current ones.

A change may name the snapshot that its author saw; Spotify then applies it to the entries of that snapshot, although
the playlist has changed since (https://developer.spotify.com/documentation/web-api/reference/remove-items-playlist).
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

REMEMBERED = 500
"""Number of snapshots whose positions a playlist can still map."""


@dataclass(frozen=True, slots=True)
class Inserted:
    """A number of entries was inserted before a position."""

    position: int
    count: int

    def moved(self, position: int) -> int:
        """Where the entry at a position went."""
        return position + self.count if position >= self.position else position


@dataclass(frozen=True, slots=True)
class Removed:
    """The entries at some positions, in order, were taken out."""

    positions: Sequence[int]

    def moved(self, position: int) -> int | None:
        """Where the entry at a position went; None if it was taken out."""
        before = bisect_left(self.positions, position)
        gone = before < len(self.positions) and self.positions[before] == position
        return None if gone else position - before


@dataclass(frozen=True, slots=True)
class Moved:
    """A range of ``length`` entries was moved before another position."""

    start: int
    before: int
    length: int

    def moved(self, position: int) -> int:
        """Where the entry at a position went."""
        end = self.start + self.length
        if self.start <= position < end:
            to = self.before if self.before <= self.start else self.before - self.length
            return to + position - self.start
        if end <= position < self.before:
            return position - self.length
        if self.before <= position < self.start:
            return position + self.length
        return position


Step = Inserted | Removed | Moved


class Journal:
    """The last changes of a playlist, each with the snapshot id before it."""

    def __init__(self) -> None:
        self._steps: deque[tuple[str, Step | None]] = deque(maxlen=REMEMBERED)

    def add(self, snapshot_id: str, step: Step | None) -> None:
        """Add a change to the playlist of a snapshot; None if no entry moved."""
        self._steps.append((snapshot_id, step))

    def since(self, snapshot_id: str) -> list[Step] | None:
        """The changes since a snapshot; None if it is unknown, or too long ago."""
        steps: list[Step] = []
        for ended, step in reversed(self._steps):
            if step is not None:
                steps.append(step)
            if ended == snapshot_id:
                return steps[::-1]
        return None


def now(position: int, steps: Sequence[Step]) -> int | None:
    """The position of an entry after some changes; None if it is gone."""
    at: int | None = position
    for step in steps:
        if at is None:
            break
        at = step.moved(at)
    return at
