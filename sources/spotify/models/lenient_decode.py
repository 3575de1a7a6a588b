"""Lenient decoding: leaves out values of an unexpected type or that are invalid JSON.

Such a value is left out, as if the API had not sent it, which erases nothing that is stored; or, if only some of its
characters are invalid, these are replaced. Both are reported. Values that decide what a playlist holds are never left
out: without them the answer counts as unreadable.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any, NamedTuple, TypeVar

import msgspec

from sources.spotify.models.answers import Entry
from sources.spotify.models.decode import decode
from sources.spotify.models.json_repair import REPLACED, Step, holds_nul, is_utf8, plain
from sources.spotify.models.playlists import PlaylistsPage
from sources.spotify.models.times import parse_time

T = TypeVar("T")

MOST = 500
"""Maximum number of values left out of one answer; one with more is not what was requested."""

LONGEST_DATE = 40
"""Characters of an invalid time that a message shows."""

CONVERTIBLE = ("Expected `int", "Expected `float", "Expected `bool")
"""The decoder's messages for values that may be a number or boolean in another notation."""

WRONG = 0.5
"""Stands for a value that could not be read and must not be left out; as a fraction it fits none of those fields."""

DECISIVE = {"id", "uri", "type", "linked_from", "added_at", "snapshot_id", "owner"}
DECISIVE |= {"access_token", "refresh_token"}
CONTENTS = {"item", "track", "album", "episode", "show"}
"""Fields in which entries of playlists and libraries hold their item."""
PAGES = {"items", "tracks", "limit", "next", "offset", "total"}

MODULES = (
    "accounts",
    "answers",
    "audio",
    "catalogue",
    "library",
    "lists",
    "personal",
    "player",
    "playlists",
    "plays",
    "refusals",
    "saved",
)
"""Modules beside this one that describe responses."""

FIELDS = {
    name
    for module in MODULES
    for kind in vars(import_module(f".{module}", __package__)).values()
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    for name in kind.__struct_fields__
}
"""Names of all fields that are read."""

_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")


class LeftOut(NamedTuple):
    """A value that was left out, or whose characters were replaced.

    Attributes:
        place: as in `items[].track.album.name`.
        problem: the decoder's message, or ours.
        is_replaced: whether the rest of the value is there.
    """

    place: str
    problem: str
    is_replaced: bool = False

    def __str__(self) -> str:
        """Place and problem."""
        return f"{self.place} ({self.problem})"


def unreadable_dates(entries: Iterable[Entry]) -> list[LeftOut]:
    """What is left out of a playlist's entries because it is not a valid time."""
    found = (entry.added_at for entry in entries if entry.added_at and parse_time(entry.added_at) is None)
    return [LeftOut("items[].added_at", f"{text[:LONGEST_DATE]!r} is not a valid time") for text in found]


def decode_leniently(body: bytes, type_: type[T], *, is_valid: bool = False) -> tuple[T, list[LeftOut]]:
    """An answer as an object, and what had to be left out or replaced.

    Numbers and booleans may also come as text, and whole numbers with a decimal point, if nothing is lost by that:
    `"5"`, `5.0`, `"true"`. The same answer always gives the same object.

    Args:
        body: the JSON.
        type_: the type of the object.
        is_valid: whether it is known to be UTF-8. It is checked otherwise, since a decoder skips what it does not need.

    Raises:
        msgspec.ValidationError: a required value is missing or has another type.
        msgspec.DecodeError: the answer is not JSON.
    """
    if not holds_nul(body) and (is_valid or is_utf8(body)):
        try:
            return decode(body, type_), []
        except msgspec.DecodeError:
            # It is decoded again below, more slowly.
            pass
    value, found = plain(body)
    left_out: list[LeftOut] = []
    for steps, problem in found:
        if problem == REPLACED or (steps and _may_go(list(steps), type_)):
            if problem != REPLACED:
                _remove(value, steps)
            # A field that is not read is no loss to report.
            if all(step in FIELDS for step in steps if isinstance(step, str)):
                left_out.append(LeftOut(_place(steps), problem, problem == REPLACED))
    return _fitted(value, type_, left_out), left_out


def _fitted(value: Any, type_: type[T], left_out: list[LeftOut]) -> T:
    """Plain values as an object; values of a wrong type are left out and noted."""
    strict = True
    most = len(left_out) + MOST
    while True:
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=lambda _: WRONG).encode()
        try:
            return decode(body, type_, strict=strict)
        except msgspec.ValidationError as problem:
            if strict and any(words in str(problem) for words in CONVERTIBLE):
                strict = False
                continue
            if len(left_out) >= most:
                raise
            left_out.append(_leave_out(value, problem, type_))


def _remove(value: Any, steps: Sequence[Step]) -> None:
    for step in steps[:-1]:
        value = value[step]
    if isinstance(steps[-1], int):
        value[steps[-1]] = None
    else:
        del value[steps[-1]]


def _place(steps: Sequence[Step]) -> str:
    return "".join("[]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")


def _leave_out(value: Any, problem: msgspec.ValidationError, type_: type) -> LeftOut:
    reason, _, path = str(problem).rpartition(" - at `$")
    steps = list(_steps(path.removesuffix("`")))
    if "[...]" in path:
        # Inside a part that the decoder skips, so there is no value to leave out.
        raise problem
    while steps and not _may_go(steps, type_):
        # An album or artist is useless without its id, but the track that contains it is not.
        steps.pop()
    if not steps:
        raise problem
    _remove(value, steps)
    return LeftOut(_place(steps), reason)


def _steps(path: str) -> Iterator[Step]:
    for name, index in _STEP.findall(path):
        yield name or int(index)


def _may_go(steps: list[Step], type_: type) -> bool:
    """Whether a value may be missing without changing what is on a playlist, or which playlists there are."""
    last = steps[-1]
    if type_ is PlaylistsPage:
        # A whole element may be left out: it then counts as hidden, which is reported.
        if len(steps) == 2:
            return isinstance(last, int)
        # In a list of playlists, each has only the number of its entries.
        return len(steps) > 2 and (steps[2] in ("items", "tracks") or _is_detail(steps[2:]))
    while steps and steps[0] in ("items", "tracks"):
        steps = steps[1:]
        if steps and isinstance(steps[0], int):
            return len(steps) > 1 and _is_detail_of_entry(steps[1:])
    return bool(steps) and _is_detail(steps)


def _is_detail_of_entry(steps: list[Step]) -> bool:
    if steps[0] not in CONTENTS:
        return _is_detail(steps)
    return len(steps) > 1 and _is_detail(steps[1:])


def _is_detail(steps: list[Step]) -> bool:
    """Whether a field of a playlist, an entry or its content does not identify it, and is not inside one that does."""
    if len(steps) == 1:
        return steps[0] not in DECISIVE | PAGES
    return steps[0] not in PAGES | {"linked_from"} and steps[-1] != "id"
