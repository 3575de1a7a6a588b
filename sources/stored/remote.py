"""Copies what is needed of a database that DuckDB cannot open (Postgres) into DuckDB in memory.

For a sync that is little: how earlier ones ended, and of tracks, artists and so on the rows that it has met again. It
is asked for in SQL that databases share, through dlt's client for them.
"""

from collections.abc import Collection, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from schemas import FUNCTIONS, TABLES, VIEWS, function_sql, view_sql
from schemas.spec import BYTES, INT, LISTS, TEXT, Table
from sources.stored.dialects import SqlDialect, dialect_of
from sources.stored.load_tables import LOADS
from sources.stored.tables import list_of

KEYS_PER_QUERY = 1000


class Remote:
    """The tables of such a database.

    Args:
        client: dlt's job client, open, whose search path is the dataset.
    """

    def __init__(self, client: Any) -> None:
        self._client = client.sql_client
        wanted = [LOADS, *(table.name for table in TABLES)]
        self._present = {name: set(columns) for name, columns in client.get_storage_tables(wanted) if columns}
        self.tables = set(self._present)
        self.narrow = {
            table.name
            for table in TABLES
            if table.name in self._present and {c.name for c in table.columns} - self._present[table.name]
        }

    @property
    def dialect(self) -> SqlDialect:
        """Its SQL."""
        return dialect_of(self._client)

    def literal(self, value: str) -> str:
        """A text as the database's SQL writes it."""
        return str(self._client.capabilities.escape_literal(value))

    def rows(self, sql: str) -> list[Any]:
        """The answer to a query."""
        with self._client.execute_query(sql) as cursor:
            return list(cursor.fetchall())

    def table(self, name: str, schema: pa.Schema, where: str = "") -> pa.Table:
        """Rows of a table, as Arrow; columns that an earlier version did not write are null."""
        columns = ", ".join(column if column in self._present[name] else "NULL" for column in schema.names)
        return self.arrow(f"SELECT {columns} FROM {name}{where}", schema)  # noqa: S608 (names are our own)

    def arrow(self, sql: str, schema: pa.Schema) -> pa.Table:
        """The answer to a query, as Arrow."""
        rows = self.rows(sql)
        values: Any = zip(*rows, strict=True) if rows else [()] * len(schema)
        arrays = [_array(each, field.type) for each, field in zip(values, schema, strict=True)]
        return pa.Table.from_arrays(arrays, schema=schema)

    def with_keys(self, name: str, schema: pa.Schema, key: str, values: Sequence[str]) -> pa.Table:
        """The rows of a table that have one of the given values."""
        found = [schema.empty_table()]
        for start in range(0, len(values), KEYS_PER_QUERY):
            wanted = ", ".join(map(self.literal, values[start : start + KEYS_PER_QUERY]))
            found.append(self.table(name, schema, f" WHERE {key} IN ({wanted})"))
        return pa.concat_tables(found)


def copy_tables(
    remote: Remote, connection: duckdb.DuckDBPyConnection, names: Collection[str], *, lists: bool = True
) -> None:
    """Copies tables of a database, and `_dlt_loads`, to where DuckDB finds them by their names.

    Args:
        remote: the database.
        connection: where to.
        names: the names of the tables.
        lists: whether their lists of keys, too.
    """
    if LOADS not in remote.tables:
        return
    loads: list[pa.Field[Any]] = [pa.field("load_id", TEXT), pa.field("status", INT)]
    connection.register(LOADS, remote.table(LOADS, pa.schema(loads)))
    for table in TABLES:
        if table.name in names and table.name in remote.tables:
            connection.register(table.name, remote.table(table.name, columns_of(table, lists=lists)))


def copy_all(remote: Remote, connection: duckdb.DuckDBPyConnection) -> None:
    """Copies a whole dataset, and makes the views over it."""
    copy_tables(remote, connection, remote.tables)
    for name in VIEWS:
        connection.execute(f"CREATE TEMP VIEW {name} AS {view_sql(name)}")
    for name in FUNCTIONS:
        connection.execute(function_sql(name))


def columns_of(table: Table, *, lists: bool = False) -> pa.Schema:
    """What is copied of a table: not the mark of what was removed, which databases have no use for."""
    fields = [
        pa.field(column.name, column.type)
        for column in table.columns
        if (lists or column.type not in LISTS) and column.name != "removed"
    ]
    return pa.schema([*fields, pa.field("_dlt_load_id", TEXT)])


def _array(values: Sequence[Any], type_: pa.DataType) -> "pa.Array[Any]":
    if type_ in LISTS:
        return pa.array([None if value is None else list_of(value) for value in values], type_)
    if type_ == BYTES:
        # Drivers give views of their own memory.
        return pa.array([None if value is None else bytes(value) for value in values], type_)
    return pa.array(values, type_)
