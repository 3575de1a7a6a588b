"""The requests that change the entries of a playlist, as values, and the effect of each.

https://developer.spotify.com/documentation/web-api/reference/add-items-to-playlist and the pages beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

AT_ONCE = 100
"""Maximum number of items that one request adds or removes."""

MOST = 10_000
"""Maximum number of entries of a playlist: https://github.com/spotify/web-api/issues/1179."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a playlist, current or wanted.

    Attributes:
        uri: of the item as it was added; null where the item is hidden.
        added_at: in whole seconds since 1970; null where nobody knows, or nobody cares.
    """

    uri: str | None
    added_at: int | None = None

    @property
    def is_local(self) -> bool:
        """Whether it is a file on somebody's device, which the API can move and remove, but not add."""
        return self.uri is not None and self.uri.startswith("spotify:local:")


@dataclass(frozen=True, slots=True)
class Remove:
    """Removes items, all copies of each."""

    uris: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """Moves `length` entries from `start` on in front of the one that is at `before`, all counted before the move."""

    start: int
    length: int
    before: int


@dataclass(frozen=True, slots=True)
class Add:
    """Inserts items before the entry at a position."""

    uris: tuple[str, ...]
    position: int


Step = Remove | Move | Add


def after(uris: Sequence[str | None], step: Step) -> list[str | None]:
    """The entries of a playlist after a request."""
    if isinstance(step, Remove):
        gone = set(step.uris)
        return [uri for uri in uris if uri not in gone]
    if isinstance(step, Move):
        return moved(uris, step)
    return [*uris[: step.position], *step.uris, *uris[step.position :]]


def moved(line: Sequence[T], move: Move) -> list[T]:
    """A list after moving a range."""
    stop = move.start + move.length
    block, rest = line[move.start : stop], [*line[: move.start], *line[stop:]]
    place = move.before if move.before <= move.start else move.before - move.length
    return [*rest[:place], *block, *rest[place:]]


def chunks(items: Iterable[T], size: int) -> list[tuple[T, ...]]:
    """Items in runs of at most a size."""
    found = list(items)
    return [tuple(found[start : start + size]) for start in range(0, len(found), size)]
