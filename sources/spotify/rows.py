"""From API objects to Arrow: each object once a run, one column at a time, never a row as a dict."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from schemas import TABLES
from schemas.table import From, Part, Table, path
from sources.legible import legible
from sources.spotify.objects import PlaylistRead, RunRecord

ENTRIES = "entries"
"""The name under which tables say that their objects are found in a playlist's entries."""


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
    """What waits to become one table's next batch."""

    table: Table
    key: Callable[[Any], object]
    values: list[Callable[[Any], object]]
    children: list[_Child] = field(default_factory=list)
    seen: set[object] = field(default_factory=set)
    rows: list[Any] = field(default_factory=list)
    held: dict[object, list[object]] = field(default_factory=dict)
    owners: list[object] = field(default_factory=list)


class Rows:
    """Collects the objects of a run and gives them as batches.

    An object that several pages repeat (a track on many playlists, an artist on many tracks) is a row once
    in a run. Rows of `held` tables wait until `flush(everything=True)`, their later values filling
    in and replacing the earlier ones.
    """

    def __init__(self, tables: Iterable[Table] = TABLES) -> None:
        self._buffers = {table.name: _buffer(table) for table in tables}
        self._entries: list[_Child] = []
        for buffer in self._buffers.values():
            for found in buffer.table.found:
                parents = self._entries if found.table == ENTRIES else self._buffers[found.table].children
                parents.append(_Child(buffer, found, path(found.attribute)))

    def add(self, table: str, row: Any) -> None:
        """One object for a table, and all that is found in it for others."""
        if isinstance(row, RunRecord | PlaylistRead) and row.message:
            row.message = legible(row.message)
        self._add(self._buffers[table], row)

    def add_entry(self, entry: Any) -> None:
        """A playlist's entry, for the tables whose objects are found in entries."""
        for child in self._entries:
            found = child.value(entry)
            if found is not None:
                self._add(child.buffer, found)

    def flush(self, *, everything: bool) -> Iterator[Batch]:
        """All rows collected so far; those of held tables only if everything is wanted."""
        for buffer in self._buffers.values():
            if everything and buffer.held:
                buffer.seen.clear()
                columns = list(zip(*buffer.held.values(), strict=True))
                yield Batch(buffer.table, _table(buffer.table, columns))
                buffer.held = {}
            elif buffer.rows or buffer.owners:
                columns = [tuple(map(value, buffer.rows)) for value in buffer.values]
                owner_type = buffer.table[buffer.table.key[0]].type
                yield Batch(buffer.table, _table(buffer.table, columns), pa.array(buffer.owners, owner_type))
                buffer.rows = []
                buffer.owners = []

    def _add(self, buffer: _Buffer, row: Any) -> None:
        if buffer.table.kind == "fact":
            buffer.rows.append(row)
            return
        key = buffer.key(row)
        first = key not in buffer.seen
        if not key or not (first or buffer.table.held):
            return
        buffer.seen.add(key)
        if buffer.table.held:
            _hold(buffer, key, [value(row) for value in buffer.values])
        else:
            buffer.rows.append(row)
        for child in buffer.children:
            if first or not child.found.part:
                self._follow(child, row, key)

    def _follow(self, child: _Child, row: Any, key: object) -> None:
        found = child.value(row)
        if child.found.part:
            if found is None or isinstance(found, list):
                child.buffer.owners.append(key)
                child.buffer.rows += [
                    Part(row, place, part) for place, part in enumerate(found or ()) if part is not None
                ]
        elif child.found.many:
            for element in found if isinstance(found, list) else ():
                if element is not None:
                    self._add(child.buffer, element)
        elif found is not None:
            self._add(child.buffer, found)


def _buffer(table: Table) -> _Buffer:
    values = [column.value for column in table.columns]
    keys = [table[name].value for name in table.key]
    if len(keys) == 1:
        return _Buffer(table, keys[0], values)

    def key(row: Any) -> object:
        return tuple(value(row) for value in keys)

    return _Buffer(table, key, values)


def _hold(buffer: _Buffer, key: object, values: list[object]) -> None:
    before = buffer.held.get(key)
    if before is not None:
        values = [old if new is None else new for old, new in zip(before, values, strict=True)]
    buffer.held[key] = values


def _table(table: Table, columns: list[Any]) -> pa.Table:
    arrays = [pa.array(values, column.type) for values, column in zip(columns, table.columns, strict=True)]
    return pa.Table.from_arrays(arrays, schema=table.arrow)
