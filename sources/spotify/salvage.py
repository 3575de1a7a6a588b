"""What to do with an answer in which a value is not of the type it always had.

Such a value is left out, as if the API had not sent it, which erases nothing that is stored; and it is told. But
no value is left out that decides what a playlist holds: then the answer counts as unreadable.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar

import msgspec

from sources.spotify.objects import PlaylistsPage, decode

T = TypeVar("T")

MOST = 500
"""Values left out of one answer; one with more is of another kind altogether."""


DECISIVE = {"id", "uri", "type", "linked_from", "added_at", "added_by", "snapshot_id", "owner"}
PAGES = {"items", "tracks", "limit", "next", "offset", "total"}

_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")

Step = str | int


class LeftOut(NamedTuple):
    """A value that was left out.

    Attributes:
        place: as in `items[].track.album.name`.
        problem: in the decoder's words.
    """

    place: str
    problem: str

    def __str__(self) -> str:
        """Both."""
        return f"{self.place} ({self.problem})"


def decode_leniently(body: bytes, type_: type[T]) -> tuple[T, list[LeftOut]]:
    """An answer as an object, and what had to be left out.

    Raises:
        msgspec.ValidationError: something that must not be missing is not of its type.
        msgspec.DecodeError: it is not JSON.
    """
    try:
        return decode(body, type_), []
    except msgspec.ValidationError as error:
        value, left_out, problem = _plain(body, error), list[LeftOut](), error
    while len(left_out) < MOST:
        left_out.append(_leave_out(value, problem, type_))
        try:
            return decode(json.dumps(value, separators=(",", ":")).encode(), type_), left_out
        except msgspec.ValidationError as error:
            problem = error
    raise problem


def _plain(body: bytes, problem: msgspec.ValidationError) -> Any:
    """JSON as plain values. The standard library also reads numbers that fit nowhere, if not of 5,000 digits."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise problem from None


def _leave_out(value: Any, problem: msgspec.ValidationError, type_: type) -> LeftOut:
    said, _, path = str(problem).rpartition(" - at `$")
    steps = list(_steps(path.removesuffix("`")))
    if "[...]" in path:
        # Somewhere in a part that was to be skipped, and so in none of the values.
        raise problem
    while steps and not _may_go(steps, type_):
        # Without its id an album or an artist is nothing, but the track around it is.
        steps.pop()
    if not steps:
        raise problem
    for step in steps[:-1]:
        value = value[step]
    if isinstance(steps[-1], int):
        value[steps[-1]] = None
    else:
        del value[steps[-1]]
    return LeftOut("".join("[]" if isinstance(step, int) else f".{step}" for step in steps).lstrip("."), said)


def _steps(path: str) -> Iterator[Step]:
    for name, index in _STEP.findall(path):
        yield name or int(index)


def _may_go(steps: list[Step], type_: type) -> bool:
    """Whether a value may be missing without changing what is on a playlist, or which playlists there are."""
    last = steps[-1]
    if type_ is PlaylistsPage:
        # A whole element may go: it then counts as hidden, which is told.
        if len(steps) == 2:
            return isinstance(last, int)
        # Of its entries a list only tells how many there are.
        return len(steps) > 2 and (steps[2] in ("items", "tracks") or _is_detail(steps[2:]))
    while steps and steps[0] in ("items", "tracks"):
        steps = steps[1:]
        if steps and isinstance(steps[0], int):
            return len(steps) > 1 and _is_detail_of_entry(steps[1:])
    return bool(steps) and _is_detail(steps)


def _is_detail_of_entry(steps: list[Step]) -> bool:
    if steps[0] not in ("item", "track"):
        return _is_detail(steps)
    return len(steps) > 1 and _is_detail(steps[1:])


def _is_detail(steps: list[Step]) -> bool:
    """Of a playlist, an entry or its content: nothing that identifies it, nor what is inside such a thing."""
    if len(steps) == 1:
        return steps[0] not in DECISIVE | PAGES
    return steps[0] not in PAGES | {"linked_from"} and steps[-1] != "id"
