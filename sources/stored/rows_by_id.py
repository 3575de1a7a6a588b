"""Rows of a table by their ids, each made into an object when it is asked for: a sync needs few of a large lake's."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import pyarrow as pa

T = TypeVar("T")


class RowsById(Mapping[str, T]):
    """Objects that are made of rows.

    Args:
        rows: the rows, no two with the same id.
        id_column: the column of their ids.
        made: makes an object of a row, whose values come by their columns.
    """

    def __init__(self, rows: pa.Table, id_column: str, made: Callable[[dict[str, Any]], T]) -> None:
        self._rows, self._made = rows, made
        self._places = {id_: place for place, id_ in enumerate(rows.column(id_column).to_pylist())}

    def __getitem__(self, id_: str) -> T:
        (row,) = self._rows.slice(self._places[id_], 1).to_pylist()
        return self._made(row)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
