"""Buffers: what a run keeps of a table's objects until they are in a batch."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pyarrow as pa

from schemas.spec import From, ListElement, Table
from sources.spotify.engine.columns import Columns


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one table.

    Attributes:
        table: the table.
        rows: as Arrow, with the table's declared schema.
        owners: for a `child` table, the keys (`owner`) of all objects whose lists are complete in this batch, also
            those whose list is empty, and whether a list counts (`named`) or is only stored where there is none.
    """

    table: Table
    rows: pa.Table
    owners: pa.Table | None = None

    @property
    def keys(self) -> list[Any]:
        """The keys of a dimension's objects, or of the objects that have the lists of a `child` table."""
        return (self.rows[self.table.key[0]] if self.owners is None else self.owners["owner"]).to_pylist()


@dataclass(slots=True)
class Extraction:
    """How objects of one table are extracted from those of another.

    Attributes:
        buffer: the buffer of the table that is filled.
        found: where its objects are.
        value: gives the extracted object or list.
    """

    buffer: "Buffer"
    found: From
    value: Callable[[Any], Any]


class EmptyList(NamedTuple):
    """A list that replaces no other: its elements have no names, it has none, or its owner was blanked.

    Attributes:
        elements: null if the API sent no list.
        blanked: whether the owner was; a list of one that was not is the better one.
    """

    elements: list[ListElement] | None
    blanked: bool


@dataclass(slots=True)
class Buffer:
    """Collects one table's objects for its next batch.

    Attributes:
        table: the table.
        key: gives the key of an object.
        values: give the value of an object for each column.
        columns: give the columns of many objects.
        name: gives the name of an object, which Spotify empties when it blanks the object; null if the table's objects
            have no such column.
        extractions: the tables that are filled from this table's objects.
        seen: keys of objects that this run has seen.
        unsure: keys of seen objects that were blanked or lacked a list, so that a later answer may hold more.
        has_full: whether objects of this table come both in full and in short form.
        full: keys of objects that came in full in this run.
        partial_keys: keys of objects that this load holds only in short form.
        rows: objects, or list elements, for the next batch; null where an object has moved to `buffered`.
        positions: the keys of this load's objects, each with its position in `rows`, or -1 once it is in a batch.
        earlier: keys of objects from an earlier resource that are not yet in a batch.
        buffered: rows that wait for the end of the load, by key; each is a list of values.
        latest: of a `buffered` table, the object that was merged last, by key: merged again it changes nothing.
        owners: for a `child` table, the keys of the objects whose lists are in `rows`, each with whether it counts.
        empty_lists: for a `child` table, by the owner's key, the list that is stored if none better comes in this load.
    """

    table: Table
    key: Callable[[Any], object]
    values: list[Callable[[Any], object]]
    columns: Columns
    name: Callable[[Any], object] | None = None
    extractions: list[Extraction] = field(default_factory=list)
    seen: set[object] = field(default_factory=set)
    unsure: set[object] = field(default_factory=set)
    has_full: bool = False
    full: set[object] = field(default_factory=set)
    partial_keys: set[object] = field(default_factory=set)
    rows: list[Any] = field(default_factory=list)
    positions: dict[object, int] = field(default_factory=dict)
    earlier: set[object] = field(default_factory=set)
    buffered: dict[object, list[object]] = field(default_factory=dict)
    latest: dict[object, Any] = field(default_factory=dict)
    owners: dict[object, bool] = field(default_factory=dict)
    empty_lists: dict[object, EmptyList] = field(default_factory=dict)
