"""Converts API objects to Arrow batches: each object once per run, column by column, never a row as a dict."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa

from schemas import TABLES
from schemas.merging import merged
from schemas.spec import Column, From, Part, Table, described_at, path, seen_at
from sources.safe_text import printable
from sources.spotify.models.rows import PlaylistRead, RunRecord
from sources.spotify.resources.base import ENTRIES


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one table.

    Attributes:
        table: whose rows.
        rows: as Arrow, with the table's declared schema.
        owners: for a `part` table the keys of all objects whose lists are here in full, one column,
            also those whose list is empty.
    """

    table: Table
    rows: pa.Table
    owners: "pa.Array[Any] | None" = None


@dataclass(slots=True)
class _Child:
    """A table whose objects are found in another's, ready to be followed."""

    buffer: "_Buffer"
    found: From
    value: Callable[[Any], Any]


@dataclass(slots=True)
class _Buffer:
    """Buffered objects of one table's next batch.

    Attributes:
        table: whose.
        key: of an object.
        values: of an object, for each column.
        name: what a blanked object lacks; none where that means nothing.
        children: tables whose objects are found in this one's.
        seen: keys of objects that were met in this run.
        unsure: those of them of which a later answer may hold more.
        has_full: whether some of its objects come in full and others do not.
        full: keys of objects that came in full in this run.
        thin: keys of those that this load has and that did not.
        rows: objects, or parts, for the next batch; null where one has moved to `held`.
        places: keys of this load's objects, each with its place in `rows`, or -1 once it is in a batch.
        earlier: keys of those that an earlier resource gave and that are in no batch yet.
        held: rows that wait for the end of the load, by their keys.
        owners: of a `part` table, whose lists are in the rows.
        waiting: of a `part` table, lists that say nothing, or none, by their owners' keys.
    """

    table: Table
    key: Callable[[Any], object]
    values: list[Callable[[Any], object]]
    name: Callable[[Any], object] | None = None
    children: list[_Child] = field(default_factory=list)
    seen: set[object] = field(default_factory=set)
    unsure: set[object] = field(default_factory=set)
    has_full: bool = False
    full: set[object] = field(default_factory=set)
    thin: set[object] = field(default_factory=set)
    rows: list[Any] = field(default_factory=list)
    places: dict[object, int] = field(default_factory=dict)
    earlier: set[object] = field(default_factory=set)
    held: dict[object, list[object]] = field(default_factory=dict)
    owners: list[object] = field(default_factory=list)
    waiting: dict[object, list[Part] | None] = field(default_factory=dict)


class Rows:
    """Collects the objects of a run and gives them as batches.

    An object that several pages repeat (a track on many playlists, an artist on many tracks) is a row once
    in a run. Rows of `held` tables wait until `flush(everything=True)`, their later values filling
    in and replacing the earlier ones; so do objects that were first seen blanked. An object that was only named is a
    row again when it comes in full, in a later load: in one load a key is written once.

    Args:
        tables: those to fill.
        seen_at: the time at which things are seen.
    """

    def __init__(self, tables: Iterable[Table] = TABLES, seen_at: datetime | None = None) -> None:
        self.seen_at = seen_at
        self._buffers = {table.name: self._buffer(table) for table in tables}
        self._entries: list[_Child] = []
        for buffer in self._buffers.values():
            for found in buffer.table.extracted_from:
                parents = self._entries if found.table == ENTRIES else self._buffers[found.table].children
                parents.append(_Child(buffer, found, path(found.attribute)))

    def add(self, table: str, row: Any) -> None:
        """One object for a table, and all that is found in it for others; or an entry, for what is found in it."""
        if table == ENTRIES:
            self._add_entry(row)
            return
        if isinstance(row, RunRecord | PlaylistRead) and row.message:
            row.message = printable(row.message)
        self._add(self._buffers[table], row)

    def _add_entry(self, entry: Any) -> None:
        for child in self._entries:
            found = child.value(entry)
            if found is not None:
                self._add(child.buffer, found)

    def begin_resource(self) -> None:
        """From now on objects come from another resource, and may hold more about objects of an earlier one.

        Those that wait for a batch are merged with it; those of earlier loads are compared with what is stored.
        """
        for buffer in self._buffers.values():
            if buffer.table.differs:
                continue
            buffer.seen = {*buffer.places, *buffer.held}
            buffer.earlier = {*buffer.held, *(key for key, place in buffer.places.items() if place >= 0)}

    @property
    def has_batches(self) -> bool:
        """Whether some of this load's objects are in batches, which nothing can be merged with any more."""
        return any(-1 in buffer.places.values() for buffer in self._buffers.values())

    def flush(self, *, everything: bool) -> Iterator[Batch]:
        """All rows collected so far; those of held tables only if everything is wanted."""
        for buffer in self._buffers.values():
            if everything:
                _give_up_waiting(buffer)
            rows = _take_rows(buffer, everything=everything)
            if rows or buffer.owners:
                columns = [tuple(map(value, rows)) for value in buffer.values]
                owner_type = buffer.table[buffer.table.key[0]].type
                yield Batch(buffer.table, _table(buffer.table, columns), pa.array(buffer.owners, owner_type))
                buffer.owners = []
            if everything and buffer.held:
                held = list(zip(*buffer.held.values(), strict=True))
                yield Batch(buffer.table, _table(buffer.table, held))
                buffer.held = {}

    def _add(self, buffer: _Buffer, row: Any) -> None:
        if buffer.table.kind == "fact":
            self._add_fact(buffer, row)
            return
        key = buffer.key(row)
        merges = key in buffer.earlier
        if merges:
            _hold_earlier(buffer, key)
        first, holds = key not in buffer.seen, buffer.table.buffered or merges
        fuller = buffer.has_full and _is_fuller(buffer, key, row)
        if not key or not (first or holds or fuller or key in buffer.unsure):
            return
        buffer.seen.add(key)
        if buffer.has_full:
            (buffer.full if fuller else buffer.thin).add(key)
        blanked = buffer.name is not None and not buffer.name(row)
        if first and blanked:
            buffer.unsure.add(key)
            holds = True
        if holds or (key in buffer.held and not blanked):
            _hold(buffer, key, [value(row) for value in buffer.values])
        elif first or fuller:
            buffer.places[key] = len(buffer.rows)
            buffer.rows.append(row)
        self._follow_all(buffer, row, key, first=first, fuller=fuller)

    def _follow_all(self, buffer: _Buffer, row: Any, key: object, *, first: bool, fuller: bool) -> None:
        """What is found in an object for other tables."""
        for child in buffer.children:
            if child.found.full:
                if fuller:
                    _follow_part(child, row, key, first=True)
            elif not child.found.part:
                self._follow(child, row)
            elif (first or key in buffer.unsure) and not _follow_part(child, row, key, first=first):
                buffer.unsure.add(key)

    def _add_fact(self, buffer: _Buffer, row: Any) -> None:
        """A row of its own, whatever else has its key; what is observed of an object is so once in a run."""
        if buffer.table.differs:
            key = buffer.key(row)
            if key in buffer.seen:
                return
            buffer.seen.add(key)
        buffer.rows.append(row)
        for child in buffer.children:
            if child.found.part:
                _follow_part(child, row, buffer.key(row), first=True)
            else:
                self._follow(child, row)

    def _follow(self, child: _Child, row: Any) -> None:
        found = child.value(row)
        if child.found.many:
            for element in found if isinstance(found, list) else ():
                if element is not None:
                    self._add(child.buffer, element)
        elif found is not None:
            self._add(child.buffer, found)

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
    return key not in buffer.full and key not in buffer.thin and getattr(row, "is_full", False)


def _follow_part(child: _Child, row: Any, key: object, *, first: bool) -> bool:
    """Takes the list of an owner, if it is the first that says something.

    Returns:
        Whether no other list is needed.
    """
    found, buffer = child.value(row), child.buffer
    parts = None
    if found is None or isinstance(found, list):
        parts = [Part(row, place, part) for place, part in enumerate(found or ()) if part is not None]
    if not first and key not in buffer.waiting:
        return True
    if parts is None or (buffer.name is not None and not any(map(buffer.name, parts))):
        if buffer.waiting.get(key) is None:
            buffer.waiting[key] = parts
        return False
    buffer.waiting.pop(key, None)
    buffer.owners.append(key)
    buffer.rows += parts
    return True


def _give_up_waiting(buffer: _Buffer) -> None:
    """At the end of a load takes what there is; what a later one sees is compared with what is stored."""
    for key, parts in buffer.waiting.items():
        if parts is not None:
            buffer.owners.append(key)
            buffer.rows += parts
    buffer.waiting.clear()
    buffer.seen -= buffer.unsure
    buffer.unsure.clear()
    buffer.thin.clear()
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
    buffer.places = {} if everything else dict.fromkeys(buffer.places, -1)
    buffer.places |= {buffer.key(row): place for place, row in enumerate(kept)}
    return taken


def _hold_earlier(buffer: _Buffer, key: object) -> None:
    """Sees that an object of an earlier resource is among the rows that later values are merged with."""
    buffer.earlier.remove(key)
    buffer.thin.discard(key)
    if key not in buffer.held:
        place = buffer.places.pop(key)
        row, buffer.rows[place] = buffer.rows[place], None
        buffer.held[key] = [value(row) for value in buffer.values]


def _hold(buffer: _Buffer, key: object, values: list[object]) -> None:
    before = buffer.held.get(key)
    if before is None:
        buffer.held[key] = values
    elif before != values:
        buffer.held[key] = merged(buffer.table, before, values)


def _table(table: Table, columns: list[Any]) -> pa.Table:
    arrays = [pa.array(values, column.type) for values, column in zip(columns, table.columns, strict=True)]
    return pa.Table.from_arrays(arrays, schema=table.arrow)
