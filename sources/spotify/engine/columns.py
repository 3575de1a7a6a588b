"""Gets the columns of a table out of its objects: an attribute that several of them begin with is looked up once."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

import pyarrow as pa

from schemas.spec import Column, Table, path

Value = Callable[[Any], object]
"""Gives the value of an object for a column."""


class Columns:
    """The columns of a table.

    Args:
        table: the table.
        values: what gives the value of each column; asked of those that no path of attributes leads to.
    """

    def __init__(self, table: Table, values: Sequence[Value]) -> None:
        self._schema = table.arrow
        self._types = [column.type for column in table.columns]
        self._firsts: dict[str, Value] = {}
        self._ways = [self._way(column, value) for column, value in zip(table.columns, values, strict=True)]

    def of(self, rows: Sequence[Any]) -> pa.Table:
        """The objects as rows of Arrow, in the table's declared schema."""
        firsts = {name: list(map(first, rows)) for name, first in self._firsts.items()}
        columns = []
        for name, value in self._ways:
            if value is None:
                columns.append(firsts[name])
            elif name:
                columns.append([None if inner is None else value(inner) for inner in firsts[name]])
            else:
                columns.append(list(map(value, rows)))
        return self.table(columns)

    def table(self, columns: Sequence[Sequence[object]]) -> pa.Table:
        """Values, column by column, as rows of Arrow."""
        arrays = [pa.array(values, type_) for values, type_ in zip(columns, self._types, strict=True)]
        return pa.Table.from_arrays(arrays, schema=self._schema)

    def _way(self, column: Column, value: Value) -> tuple[str, Value | None]:
        """The attribute that a column begins with, and what follows it; or no attribute and what gives the value."""
        if not isinstance(column.source, str):
            return "", value
        name, _, rest = column.source.partition(".")
        self._firsts[name] = attrgetter(name)
        return name, path(rest) if rest else None
