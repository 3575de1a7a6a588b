"""The entries of a playlist, in compact arrays: 20 bytes an entry, whatever it holds."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sources.spotify_sandbox.world.contents import Kind

NOTHING = -1
"""Stands for the null item in ``contents``, and for null in ``added_at`` and ``added_by``."""

PLAIN = 0
"""The form of an ordinary entry: ``"video_thumbnail":{"url":null}``."""

BARE = -1
"""The form with ``"video_thumbnail":null``, seen around null items. Above 0: the number of a recorded entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a playlist, as a value.

    ``uri`` and ``kind`` are None for a null item, ``added_at`` and ``added_by`` for the API's nulls;
    ``added_by`` is ``""`` where the API writes an empty id. ``form`` selects variants of the JSON that do not matter to
    clients.
    """

    uri: str | None
    kind: Kind | None
    added_at: str | None
    added_by: str | None
    form: int = field(default=PLAIN, repr=False)


class Rows:
    """Some entries as four parallel arrays."""

    __slots__ = ("added_at", "added_by", "contents", "forms")

    def __init__(
        self,
        contents: Iterable[int] = (),
        added_at: Iterable[int] = (),
        added_by: Iterable[int] = (),
        forms: Iterable[int] = (),
    ) -> None:
        self.contents = array("i", contents)
        self.added_at = array("q", added_at)
        self.added_by = array("i", added_by)
        self.forms = array("i", forms)

    def __len__(self) -> int:
        return len(self.contents)

    def slice(self, start: int, stop: int) -> "Rows":
        """A copy of the entries from ``start`` up to ``stop``."""
        part = Rows()
        part.contents = self.contents[start:stop]
        part.added_at = self.added_at[start:stop]
        part.added_by = self.added_by[start:stop]
        part.forms = self.forms[start:stop]
        return part

    def insert(self, position: int, rows: "Rows") -> None:
        """Insert entries before ``position``."""
        self.contents[position:position] = rows.contents
        self.added_at[position:position] = rows.added_at
        self.added_by[position:position] = rows.added_by
        self.forms[position:position] = rows.forms

    def delete(self, start: int, stop: int) -> None:
        """Delete the entries from ``start`` up to ``stop``."""
        del self.contents[start:stop]
        del self.added_at[start:stop]
        del self.added_by[start:stop]
        del self.forms[start:stop]

    def keep(self, positions: Sequence[int]) -> None:
        """Keep only the entries at these positions, in this order."""
        self.contents = array("i", [self.contents[position] for position in positions])
        self.added_at = array("q", [self.added_at[position] for position in positions])
        self.added_by = array("i", [self.added_by[position] for position in positions])
        self.forms = array("i", [self.forms[position] for position in positions])
