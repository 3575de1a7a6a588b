"""Arrow tables to and from DuckDB without two modules of pyarrow, while there are few rows.

DuckDB imports `pyarrow.dataset` before it reads any Arrow table, and `Table.cast` imports `pyarrow.compute`: a sync
that finds nothing new would wait for both.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

import duckdb
import pyarrow as pa

from schemas.lake import SQL_TYPES
from schemas.spec import TIME

FEW = 300
"""Values up to which a table is written value by value, which takes 0.06 ms for each; the import takes 40 to 70 ms."""


@contextmanager
def shown(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> Iterator[None]:
    """Shows rows in a connection under a name, which takes precedence over a table of the name.

    Args:
        connection: any; what it shows is of this session alone.
        name: not that of a temporary table or view.
        rows: of the types that tables have.
    """
    if not is_little(rows) or not _is_plain(connection):
        connection.register(name, rows)
        try:
            yield
        finally:
            connection.unregister(name)
        return
    columns = ", ".join(f"{field.name} {SQL_TYPES[field.type]}" for field in rows.schema)
    marks = ", ".join("make_timestamptz(?)" if field.type == TIME else "?" for field in rows.schema)
    connection.execute(f"CREATE TEMP TABLE {name} ({columns})")
    try:
        if rows.num_rows:
            values = list(chain.from_iterable(zip(*map(plain, rows.columns), strict=True)))
            lines = ", ".join([f"({marks})"] * rows.num_rows)
            connection.execute(f"INSERT INTO temp.{name} VALUES {lines}", values)  # noqa: S608 (names are our own)
        yield
    finally:
        connection.execute(f"DROP TABLE temp.{name}")


def is_little(rows: pa.Table) -> bool:
    """Whether it takes less to write the values than to import what DuckDB needs for an Arrow table."""
    return rows.num_rows * rows.num_columns <= FEW and "pyarrow.dataset" not in sys.modules


def _is_plain(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the current database is DuckDB's own.

    In a DuckLake it is better not to have temporary tables beside its transactions: processes that had some crashed
    now and then, and why is not known.
    """
    sql = "SELECT type = 'duckdb' FROM duckdb_databases() WHERE database_name = current_database()"
    return connection.execute(sql).fetchall() == [(True,)]


def plain(column: "pa.ChunkedArray[Any]") -> list[Any]:
    """The values of a column; times as microseconds since 1970, as pyarrow imports pandas to make a `datetime`."""
    if column.type != TIME:
        return column.to_pylist()
    return [value for chunk in column.chunks for value in chunk.view(pa.int64()).to_pylist()]


def as_declared(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Rows with the names and types of a schema. Mostly they differ only in the name that DuckDB has for UTC."""
    pairs = list(zip(rows.columns, schema, strict=True))
    if any(column.type != field.type and not _only_zones_differ(column.type, field.type) for column, field in pairs):
        return rows.cast(schema)
    columns = [column if column.type == field.type else _viewed(column, field.type) for column, field in pairs]
    return pa.Table.from_arrays(columns, schema=schema)


def _only_zones_differ(one: Any, other: Any) -> bool:
    return pa.types.is_timestamp(one) and other == TIME and one.unit == TIME.unit and one.tz is not None


def _viewed(column: "pa.ChunkedArray[Any]", type_: Any) -> "pa.ChunkedArray[Any]":
    return pa.chunked_array([chunk.view(type_) for chunk in column.chunks], type_)
