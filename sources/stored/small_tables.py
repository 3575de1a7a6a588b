"""Arrow tables to and from DuckDB without two modules of pyarrow, while there are few rows.

DuckDB imports `pyarrow.dataset` before it reads any Arrow table, and `Table.cast` imports `pyarrow.compute`: a sync
that finds nothing new would wait for both.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import msgspec
import pyarrow as pa

from schemas.lake import SQL_TYPES, text
from schemas.spec import BYTES, TIME

FEW = 3_000
"""Values up to which a table is written as text, which takes a few milliseconds; the import takes 40 to 70."""

FROM_JSON = {TIME: "make_timestamptz(r.{0}) AS {0}", BYTES: "from_base64(r.{0}) AS {0}"}
"""How a value is made of what JSON has for it, where that is not the value itself."""
JSON_TYPES = SQL_TYPES | {TIME: "BIGINT", BYTES: "VARCHAR"}


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
    connection.execute(f"CREATE TEMP TABLE {name} AS {_sql(rows.schema)}", [_json(rows)])
    try:
        yield
    finally:
        connection.execute(f"DROP TABLE temp.{name}")


def _sql(schema: pa.Schema) -> str:
    """A query for the rows that its parameter has as JSON: a single value, as DuckDB looks for pandas at each."""
    structure = msgspec.json.encode([{field.name: JSON_TYPES[field.type] for field in schema}]).decode()
    columns = ", ".join(FROM_JSON.get(field.type, "r.{0} AS {0}").format(field.name) for field in schema)
    return f"SELECT {columns} FROM (SELECT unnest(from_json(?, {text(structure)})) AS r)"  # noqa: S608 (names are our own)


def _json(rows: pa.Table) -> str:
    names = rows.column_names
    values = zip(*map(plain, rows.columns), strict=True)
    return msgspec.json.encode([dict(zip(names, row, strict=True)) for row in values]).decode()


def is_little(rows: pa.Table) -> bool:
    """Whether it takes less to write them as text than to import what DuckDB needs for an Arrow table."""
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
