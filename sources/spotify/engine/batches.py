"""Converts API objects to Arrow batches: each object once per run, column by column, never a row as a dict."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from operator import attrgetter
from typing import Any

import pyarrow as pa

from schemas import TABLES
from schemas.merging import merged
from schemas.spec import Column, ListElement, Table, described_at, path, seen_at
from sources.safe_text import printable
from sources.spotify.engine.buffers import Batch, Buffer, EmptyList, Extraction
from sources.spotify.engine.columns import Columns
from sources.spotify.models.run_records import PlaylistRead, RunRecord
from sources.spotify.resources.base import ENTRIES


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
        self._contents: list[Extraction] = []
        self._users: list[Extraction] = []
        for buffer in self._buffers.values():
            for found in buffer.table.extracted_from:
                of_entries = self._users if buffer.table.buffered else self._contents
                parents = of_entries if found.table == ENTRIES else self._buffers[found.table].extractions
                parents.append(Extraction(buffer, found, path(found.attribute)))

    def add(self, table: str, row: Any) -> None:
        """Adds an object to a table, and the objects inside it to their tables; of an entry only those inside it."""
        if table == ENTRIES:
            self._add_entry(row)
            return
        if isinstance(row, RunRecord | PlaylistRead) and row.message:
            row.message = printable(row.message)
        self._add(self._buffers[table], row)

    def _add_entry(self, entry: Any) -> None:
        for extraction in self._contents:
            found = extraction.value(entry)
            if found is not None:
                self._add(extraction.buffer, found)
                # It is of one kind, whose table has it.
                break
        for extraction in self._users:
            found, buffer = extraction.value(entry), extraction.buffer
            if found is not None and buffer.latest.get(key := buffer.key(found)) != found:
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
                owners = _take_owners(buffer) if buffer.table.kind == "child" else None
                yield Batch(buffer.table, buffer.columns.of(rows), owners)
            if everything and buffer.buffered:
                columns = list(zip(*buffer.buffered.values(), strict=True))
                yield Batch(buffer.table, buffer.columns.table(columns))
                buffer.buffered = {}

    def _add(self, buffer: Buffer, row: Any) -> None:
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
        blanked = buffer.name is not None and not buffer.name(row)
        if buffer.has_full and (fuller or not blanked):
            (buffer.full if fuller else buffer.partial_keys).add(key)
        waits |= first and blanked
        if waits or (key in buffer.buffered and not blanked):
            _buffer_values(buffer, key, [value(row) for value in buffer.values])
        elif first or fuller:
            buffer.positions[key] = len(buffer.rows)
            buffer.rows.append(row)
        known = self._follow_all(buffer, row, key, first=first, fuller=fuller, blanked=blanked)
        if (first and blanked) or not known:
            buffer.unsure.add(key)
        elif not blanked:
            buffer.unsure.discard(key)

    def _follow_all(self, buffer: Buffer, row: Any, key: object, *, first: bool, fuller: bool, blanked: bool) -> bool:
        """Adds the objects inside an object to their tables.

        Returns:
            Whether all its lists are known, so that lists in later answers are ignored.
        """
        known = True
        for extraction in buffer.extractions:
            if extraction.found.full:
                if fuller:
                    _follow_list(extraction, row, key, first=True)
            elif not extraction.found.by_position:
                self._follow(extraction, row)
            elif first or key in buffer.unsure:
                known &= _follow_list(extraction, row, key, first=first, blanked=blanked)
        return known

    def _add_fact(self, buffer: Buffer, row: Any) -> None:
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

    def _follow(self, extraction: Extraction, row: Any) -> None:
        found = extraction.value(row)
        if extraction.found.many:
            for element in found if isinstance(found, list) else ():
                if element is not None:
                    self._add(extraction.buffer, element)
        elif found is not None:
            self._add(extraction.buffer, found)

    def _buffer(self, table: Table) -> Buffer:
        values = [self._value(column) for column in table.columns]
        sources = [table[name].source for name in table.key]
        keys = [table[name].value for name in table.key if table[name].source is not seen_at]
        name = table[table.names].value if table.names else None
        has_full = any(column.source is described_at for column in table.columns)
        columns = Columns(table, values)
        if len(keys) == 1:
            return Buffer(table, keys[0], values, columns, name, has_full=has_full)

        def key(row: Any) -> object:
            return tuple([value(row) for value in keys])

        attributes = [source for source in sources if isinstance(source, str) and "." not in source]
        if len(attributes) == len(sources):
            return Buffer(table, attrgetter(*attributes), values, columns, name)
        return Buffer(table, key, values, columns, name)

    def _value(self, column: Column) -> Callable[[Any], object]:
        if column.source is described_at:
            return lambda row: self.seen_at if getattr(row, "is_full", False) else None
        if column.source is not seen_at:
            return column.value
        return self._taken_down if column.update == "since" else lambda _: self.seen_at

    def _taken_down(self, row: Any) -> datetime | None:
        """Now, where an object is there without its name; local files may have none, and have no id."""
        return self.seen_at if row.name == "" and row.id else None


def _is_fuller(buffer: Buffer, key: object, row: Any) -> bool:
    """Whether an object comes in full for the first time, and this load has no row of it."""
    return key not in buffer.full and key not in buffer.partial_keys and getattr(row, "is_full", False)


def _follow_list(extraction: Extraction, row: Any, key: object, *, first: bool, blanked: bool = False) -> bool:
    """Takes the list that an owner has, if it is the first one with named elements and its owner was not blanked.

    Returns:
        Whether the owner's list is known, so that lists in later answers are ignored.
    """
    found, buffer = extraction.value(row), extraction.buffer
    elements = None
    if found is None or isinstance(found, list):
        elements = [ListElement(row, at, value) for at, value in enumerate(found or ()) if value is not None]
    if not first and key not in buffer.empty_lists:
        return True
    if elements is None or (buffer.name is not None and (blanked or not any(map(buffer.name, elements)))):
        kept = buffer.empty_lists.get(key)
        if kept is None or kept.elements is None or (kept.blanked and not blanked):
            buffer.empty_lists[key] = EmptyList(elements, blanked=blanked)
        return False
    buffer.empty_lists.pop(key, None)
    buffer.owners[key] = True
    buffer.rows += elements
    return True


def _take_owners(buffer: Buffer) -> pa.Table:
    taken, buffer.owners = buffer.owners, {}
    owner_type = buffer.table[buffer.table.key[0]].type
    return pa.table({"owner": pa.array(list(taken), owner_type), "named": pa.array(list(taken.values()), pa.bool_())})


def _take_empty_lists(buffer: Buffer) -> None:
    """At the end of a load takes the empty lists; lists in later loads are compared with what is stored."""
    for key, kept in buffer.empty_lists.items():
        if kept.elements is not None:
            buffer.owners[key] = False
            buffer.rows += kept.elements
    buffer.empty_lists.clear()
    buffer.seen -= buffer.unsure
    buffer.unsure.clear()
    buffer.partial_keys.clear()
    buffer.latest.clear()
    if buffer.table.buffered:
        buffer.seen.clear()


def _take_rows(buffer: Buffer, *, everything: bool) -> list[Any]:
    """The objects for a batch; those of earlier resources stay until the load ends, as later answers may add."""
    if everything:
        # In the next load they are compared with what this one stores.
        buffer.seen -= buffer.earlier
        buffer.earlier = set()
    taken: list[Any] = []
    kept: list[Any] = []
    if buffer.earlier or buffer.buffered:
        for row in buffer.rows:
            if row is not None:
                (kept if buffer.earlier and buffer.key(row) in buffer.earlier else taken).append(row)
    else:
        taken = buffer.rows
    buffer.rows = kept
    if everything:
        buffer.positions = {}
    elif buffer.positions:
        buffer.positions |= dict.fromkeys(map(buffer.key, taken), -1)
    buffer.positions |= {buffer.key(row): position for position, row in enumerate(kept)}
    return taken


def _buffer_earlier(buffer: Buffer, key: object) -> None:
    """Moves an object of an earlier resource to the buffered rows, which later values are merged with."""
    buffer.earlier.remove(key)
    buffer.partial_keys.discard(key)
    if key not in buffer.buffered:
        position = buffer.positions.pop(key)
        row, buffer.rows[position] = buffer.rows[position], None
        buffer.buffered[key] = [value(row) for value in buffer.values]


def _buffer_values(buffer: Buffer, key: object, values: list[object]) -> None:
    buffer.latest.pop(key, None)
    before = buffer.buffered.get(key)
    if before is None:
        buffer.buffered[key] = values
    elif before != values:
        buffer.buffered[key] = merged(buffer.table, before, values)
