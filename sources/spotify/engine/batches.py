"""Converts API objects to Arrow batches: each object once per run, column by column, never a row as a dict."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa

from schemas import TABLES
from schemas.merging import merged
from schemas.spec import Column, From, ListElement, Table, described_at, path, seen_at
from sources.safe_text import printable
from sources.spotify.models.run_records import PlaylistRead, RunRecord
from sources.spotify.resources.base import ENTRIES


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one table.

    Attributes:
        table: the table.
        rows: as Arrow, with the table's declared schema.
        owners: for a `child` table, the keys of all objects whose lists are complete in this batch, as one column;
            also those whose list is empty.
    """

    table: Table
    rows: pa.Table
    owners: "pa.Array[Any] | None" = None


@dataclass(slots=True)
class _Extraction:
    """How objects of one table are extracted from those of another.

    Attributes:
        buffer: the buffer of the table that is filled.
        found: where its objects are.
        value: gives the extracted object or list.
    """

    buffer: "_Buffer"
    found: From
    value: Callable[[Any], Any]


@dataclass(slots=True)
class _Buffer:
    """Collects one table's objects for its next batch.

    Attributes:
        table: the table.
        key: gives the key of an object.
        values: give the value of an object for each column.
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
        latest: of a `buffered` table, the entries' object that was merged last, by key: merged again it changes nothing.
        owners: for a `child` table, the keys of the objects whose lists are in `rows`.
        empty_lists: for a `child` table, by the owner's key, the list that is stored if no better one comes in this
            load: its elements have no names, or it has no elements; null if the API sent no list.
    """

    table: Table
    key: Callable[[Any], object]
    values: list[Callable[[Any], object]]
    name: Callable[[Any], object] | None = None
    extractions: list[_Extraction] = field(default_factory=list)
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
    owners: list[object] = field(default_factory=list)
    empty_lists: dict[object, list[ListElement] | None] = field(default_factory=dict)


class Rows:
    """Collects the objects of a run and gives them as batches.

    An object that several pages repeat (a track on many playlists, an artist on many tracks) is a row once
    in a run. Rows of `buffered` tables wait until `flush(everything=True)`, and later values are merged with the
    earlier ones; so do objects that were first seen blanked. An object that came in short form is a row again when it
    comes in full, but only in a later load: in one load a key is written once.

    Args:
        tables: the tables to fill.
        seen_at: the time at which things are seen.
    """

    def __init__(self, tables: Iterable[Table] = TABLES, seen_at: datetime | None = None) -> None:
        self.seen_at = seen_at
        self._buffers = {table.name: self._buffer(table) for table in tables}
        self._entries: list[_Extraction] = []
        for buffer in self._buffers.values():
            for found in buffer.table.extracted_from:
                parents = self._entries if found.table == ENTRIES else self._buffers[found.table].extractions
                parents.append(_Extraction(buffer, found, path(found.attribute)))

    def add(self, table: str, row: Any) -> None:
        """Adds an object to a table, and the objects inside it to their tables; of an entry only those inside it."""
        if table == ENTRIES:
            self._add_entry(row)
            return
        if isinstance(row, RunRecord | PlaylistRead) and row.message:
            row.message = printable(row.message)
        self._add(self._buffers[table], row)

    def _add_entry(self, entry: Any) -> None:
        for extraction in self._entries:
            found, buffer = extraction.value(entry), extraction.buffer
            if found is None:
                continue
            if not buffer.table.buffered:
                self._add(buffer, found)
            elif buffer.latest.get(key := buffer.key(found)) != found:
                self._add(buffer, found)
                buffer.latest[key] = found

    def begin_resource(self) -> None:
        """Marks that the next objects come from another resource, and may hold more about objects of an earlier one.

        Objects that are in no batch yet are merged with them; those of earlier loads are compared with what is stored.
        """
        for buffer in self._buffers.values():
            if buffer.table.differs:
                continue
            buffer.latest.clear()
            buffer.seen = {*buffer.positions, *buffer.buffered}
            buffer.earlier = {*buffer.buffered, *(key for key, position in buffer.positions.items() if position >= 0)}

    @property
    def has_batches(self) -> bool:
        """Whether some of this load's objects are in batches, which nothing can be merged with any more."""
        return any(-1 in buffer.positions.values() for buffer in self._buffers.values())

    def flush(self, *, everything: bool) -> Iterator[Batch]:
        """All rows collected so far; buffered rows only if everything is wanted."""
        for buffer in self._buffers.values():
            if everything:
                _take_empty_lists(buffer)
            rows = _take_rows(buffer, everything=everything)
            if rows or buffer.owners:
                columns = [tuple(map(value, rows)) for value in buffer.values]
                owner_type = buffer.table[buffer.table.key[0]].type
                yield Batch(buffer.table, _table(buffer.table, columns), pa.array(buffer.owners, owner_type))
                buffer.owners = []
            if everything and buffer.buffered:
                columns = list(zip(*buffer.buffered.values(), strict=True))
                yield Batch(buffer.table, _table(buffer.table, columns))
                buffer.buffered = {}

    def _add(self, buffer: _Buffer, row: Any) -> None:
        if buffer.table.kind == "fact":
            self._add_fact(buffer, row)
            return
        key = buffer.key(row)
        merges = key in buffer.earlier
        if merges:
            _buffer_earlier(buffer, key)
        first, waits = key not in buffer.seen, buffer.table.buffered or merges
        fuller = buffer.has_full and _is_fuller(buffer, key, row)
        if not key or not (first or waits or fuller or key in buffer.unsure):
            return
        buffer.seen.add(key)
        if buffer.has_full:
            (buffer.full if fuller else buffer.partial_keys).add(key)
        blanked = buffer.name is not None and not buffer.name(row)
        if first and blanked:
            buffer.unsure.add(key)
            waits = True
        if waits or (key in buffer.buffered and not blanked):
            _buffer_values(buffer, key, [value(row) for value in buffer.values])
        elif first or fuller:
            buffer.positions[key] = len(buffer.rows)
            buffer.rows.append(row)
        self._follow_all(buffer, row, key, first=first, fuller=fuller)

    def _follow_all(self, buffer: _Buffer, row: Any, key: object, *, first: bool, fuller: bool) -> None:
        """Adds the objects inside an object to their tables."""
        for extraction in buffer.extractions:
            if extraction.found.full:
                if fuller:
                    _follow_list(extraction, row, key, first=True)
            elif not extraction.found.by_position:
                self._follow(extraction, row)
            elif (first or key in buffer.unsure) and not _follow_list(extraction, row, key, first=first):
                buffer.unsure.add(key)

    def _add_fact(self, buffer: _Buffer, row: Any) -> None:
        """Adds a fact, which is a row even if another row has its key; an observation of an object only once a run."""
        if buffer.table.differs:
            key = buffer.key(row)
            if key in buffer.seen:
                return
            buffer.seen.add(key)
        buffer.rows.append(row)
        for extraction in buffer.extractions:
            if extraction.found.by_position:
                _follow_list(extraction, row, buffer.key(row), first=True)
            else:
                self._follow(extraction, row)

    def _follow(self, extraction: _Extraction, row: Any) -> None:
        found = extraction.value(row)
        if extraction.found.many:
            for element in found if isinstance(found, list) else ():
                if element is not None:
                    self._add(extraction.buffer, element)
        elif found is not None:
            self._add(extraction.buffer, found)

    def _buffer(self, table: Table) -> _Buffer:
        values = [self._value(column) for column in table.columns]
        keys = [table[name].value for name in table.key]
        name = table[table.names].value if table.names else None
        has_full = any(column.source is described_at for column in table.columns)
        if len(keys) == 1:
            return _Buffer(table, keys[0], values, name, has_full=has_full)

        def key(row: Any) -> object:
            return tuple(value(row) for value in keys)

        return _Buffer(table, key, values, name)

    def _value(self, column: Column) -> Callable[[Any], object]:
        if column.source is described_at:
            return lambda row: self.seen_at if getattr(row, "is_full", False) else None
        if column.source is not seen_at:
            return column.value
        return self._taken_down if column.update == "since" else lambda _: self.seen_at

    def _taken_down(self, row: Any) -> datetime | None:
        """Now, where an object is there without its name; local files may have none, and have no id."""
        return self.seen_at if row.name == "" and row.id else None


def _is_fuller(buffer: _Buffer, key: object, row: Any) -> bool:
    """Whether an object comes in full for the first time, and this load has no row of it."""
    return key not in buffer.full and key not in buffer.partial_keys and getattr(row, "is_full", False)


def _follow_list(extraction: _Extraction, row: Any, key: object, *, first: bool) -> bool:
    """Takes the list that an owner has, if it is the first one with named elements.

    Returns:
        Whether the owner's list is known, so that lists in later answers are ignored.
    """
    found, buffer = extraction.value(row), extraction.buffer
    elements = None
    if found is None or isinstance(found, list):
        elements = [ListElement(row, at, value) for at, value in enumerate(found or ()) if value is not None]
    if not first and key not in buffer.empty_lists:
        return True
    if elements is None or (buffer.name is not None and not any(map(buffer.name, elements))):
        if buffer.empty_lists.get(key) is None:
            buffer.empty_lists[key] = elements
        return False
    buffer.empty_lists.pop(key, None)
    buffer.owners.append(key)
    buffer.rows += elements
    return True


def _take_empty_lists(buffer: _Buffer) -> None:
    """At the end of a load takes the empty lists; lists in later loads are compared with what is stored."""
    for key, elements in buffer.empty_lists.items():
        if elements is not None:
            buffer.owners.append(key)
            buffer.rows += elements
    buffer.empty_lists.clear()
    buffer.seen -= buffer.unsure
    buffer.unsure.clear()
    buffer.partial_keys.clear()
    buffer.latest.clear()
    if buffer.table.buffered:
        buffer.seen.clear()


def _take_rows(buffer: _Buffer, *, everything: bool) -> list[Any]:
    """The objects for a batch; those of earlier resources stay until the load ends, as later answers may add."""
    if everything:
        # In the next load they are compared with what this one stores.
        buffer.seen -= buffer.earlier
        buffer.earlier = set()
    taken: list[Any] = []
    kept: list[Any] = []
    for row in buffer.rows:
        if row is not None:
            (kept if buffer.earlier and buffer.key(row) in buffer.earlier else taken).append(row)
    buffer.rows = kept
    buffer.positions = {} if everything else dict.fromkeys(buffer.positions, -1)
    buffer.positions |= {buffer.key(row): position for position, row in enumerate(kept)}
    return taken


def _buffer_earlier(buffer: _Buffer, key: object) -> None:
    """Moves an object of an earlier resource to the buffered rows, which later values are merged with."""
    buffer.earlier.remove(key)
    buffer.partial_keys.discard(key)
    if key not in buffer.buffered:
        position = buffer.positions.pop(key)
        row, buffer.rows[position] = buffer.rows[position], None
        buffer.buffered[key] = [value(row) for value in buffer.values]


def _buffer_values(buffer: _Buffer, key: object, values: list[object]) -> None:
    buffer.latest.pop(key, None)
    before = buffer.buffered.get(key)
    if before is None:
        buffer.buffered[key] = values
    elif before != values:
        buffer.buffered[key] = merged(buffer.table, before, values)


def _table(table: Table, columns: list[Any]) -> pa.Table:
    arrays = [pa.array(values, column.type) for values, column in zip(columns, table.columns, strict=True)]
    return pa.Table.from_arrays(arrays, schema=table.arrow)
