"""How a table is declared: its columns, where their values come from, and how a later row updates a stored one."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal, NamedTuple

import pyarrow as pa

TEXT = pa.string()
INT = pa.int64()
FLOAT = pa.float64()
FLAG = pa.bool_()
BYTES = pa.binary()
DATE = pa.date32()
# Microseconds are what DuckDB and Parquet readers share.
TIME = pa.timestamp("us", tz="UTC")
KEYS = pa.list_(pa.int64())
URIS = pa.list_(pa.string())
LISTS: dict[pa.DataType, str] = {KEYS: "BIGINT[]", URIS: "VARCHAR[]"}
"""Types that databases keep as JSON and files as lists, each with what DuckDB casts both to."""

Update = Literal["replace", "value", "coalesce", "insert_only", "since", "renewed"]
"""What a later row does to a stored value.

`replace`: the newer value is stored, null too. `value`: a null means that the API did not send the field (the
restricted API of 2026 leaves fields out), so the stored value stays; anything else is stored, an empty text too.
`coalesce`: so do values that the API blanks when it takes something down, and all values of an object that had a name
and comes without; where nothing is stored they are stored as sent. `insert_only`: the stored value stays. `since`: the
first time stays until the object has its name again.
`renewed`: a time stays until a new one is later by the setting `describe_after`, so that not every sync writes it.
"""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: the API's own word where it has one.
        type: the Arrow type, which decides the type at every destination.
        description: what it means, for the data dictionary and the destination's column comment.
        source: where the value comes from, a path of attributes (`"album.id"`; a null on the way gives
            null) or a function of the row's object.
        nullable: whether a row may lack it; key columns may not.
        references: `table.column` that it points to.
        update: what a later row does to it.
        blank: values besides an empty text that count as not sent, with `coalesce`.
        follows: another column of the table: where that one is blank this one does not count. In a `child` table, the
            one that must be the same for a value to be kept, since another element may be at that position now.
    """

    name: str
    type: pa.DataType
    description: str
    source: str | Callable[[Any], object]
    nullable: bool = True
    references: str | None = None
    update: Update = "replace"
    blank: tuple[str | int, ...] = ()
    follows: str | None = None

    @property
    def blanks(self) -> tuple[str | int, ...]:
        """All values that count as not sent."""
        if self.update != "coalesce":
            return ()
        return (*([""] if self.type == TEXT else []), *self.blank)

    @property
    def value(self) -> Callable[[Any], object]:
        """A function from the row's object to this column's value."""
        return path(self.source) if isinstance(self.source, str) else self.source


@dataclass(frozen=True, slots=True)
class From:
    """Where a table's objects are found: an attribute of another table's object.

    Attributes:
        table: the other table, or `"entries"`.
        attribute: a path of attributes of its object.
        many: for lists: each element that has the table's key is a row.
        by_position: for lists that become a `child` table: an element is identified by its owner and its position. The
            row's object is then a `ListElement`.
        full: for attributes that only objects in full have.
    """

    table: str
    attribute: str
    many: bool = False
    by_position: bool = False
    full: bool = False


class ListElement(NamedTuple):
    """An element of a list, with the object that has the list, and its position there, from 0."""

    owner: Any
    position: int
    value: Any


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        name: as destinations know it.
        description: what one row is.
        key: the columns of the primary key.
        columns: in order.
        kind: `fact` rows are only ever appended; `dimension` rows describe something as it was last seen,
            one per key; `child` rows are the elements of a list in a dimension's object, and a later
            list replaces the whole earlier one.
        extracted_from: where the rows' objects are found while others are read; empty if the reader makes them.
        buffered: whether rows wait for the end of a load, because a key comes several times in a load, each time with
            other fields.
        differs: for a fact that observes an object: a row is only stored if one of these columns differs from the
            newest row of the same object, and that row is of an earlier day. The last column of the key is the time.
        names: the column with the name, which an object has unless Spotify blanked it. In a `child` table, an element
            without a name is empty: a list without named elements does not replace a stored one, nor does any list of
            an object that was blanked.
    """

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    kind: Literal["fact", "dimension", "child"]
    extracted_from: tuple[From, ...] = ()
    buffered: bool = False
    differs: tuple[str, ...] = ()
    names: str | None = None

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema of a batch of rows."""
        return pa.schema([pa.field(c.name, c.type, nullable=c.nullable) for c in self.columns])

    @property
    def owner(self) -> tuple[str, ...]:
        """For a `child` table: the key columns of the dimension that a row belongs to."""
        return self.key[:-1]

    def __getitem__(self, name: str) -> Column:
        """The column of that name.

        Raises:
            KeyError: the table has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


REMOVED = Column(
    "removed",
    FLAG,
    "True on a row that takes this element away again; only seen in raw Parquet files, where nothing can be deleted.",
    lambda _: None,
)
"""The last column of every `child` table."""


def seen_at(_: Any) -> None:
    """A placeholder for the time of the sync, which is in no object."""


TAKEN_DOWN = Column(
    "taken_down_at",
    TIME,
    "When it was first seen without its name, as Spotify shows what was taken down; null again once it is back.",
    seen_at,
    update="since",
)
"""Set while the other columns hold the values from before a take-down."""


def described_at(_: Any) -> None:
    """A placeholder for the time of the sync, where an object came in full (`is_full`)."""


DESCRIBED = Column(
    "described_at",
    TIME,
    "When Spotify described it in full; a later description counts after the setting describe_after.",
    described_at,
    update="renewed",
)
"""Set for objects that were looked up in full; null for those that were only mentioned."""


def path_if_full(dotted: str) -> Callable[[Any], object]:
    """Like `path`, for what only objects in full have: null where the row's object has no such attribute."""
    head, _, rest = dotted.partition(".")
    follow = path(rest) if rest else None

    def value(row: Any) -> object:
        inner = getattr(row, head, None)
        return inner if inner is None or follow is None else follow(inner)

    return value


def path(dotted: str) -> Callable[[Any], object]:
    """A function that follows attributes and gives null where one on the way is null."""
    head, _, rest = dotted.partition(".")
    first = attrgetter(head)
    if not rest:
        return first
    follow = path(rest)

    def value(row: Any) -> object:
        inner = first(row)
        return None if inner is None else follow(inner)

    return value


def key(name: str, type_: pa.DataType, description: str, source: str | Callable[[Any], object], **more: Any) -> Column:
    """A column of the key, which no row may lack."""
    return Column(name, type_, description, source, nullable=False, **more)
