"""Access to a destination's tables through a DuckDB connection, shared by all queries of this package."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias

import duckdb
import pyarrow as pa

from schemas import TABLES
from schemas.lake import SQL_TYPES, text
from sources.stored.small_tables import as_declared

LOAD_ID = "_dlt_load_id"
Order: TypeAlias = tuple[str, Literal["ASC", "DESC"]]
"""A column, and whether its least or its greatest value comes first."""
COMPLETED = "SELECT load_id FROM _dlt_loads WHERE status = 0"


class StoredTables:
    """The tables of a destination, as DuckDB sees them. Rows of loads that did not complete do not count.

    Args:
        connection: a DuckDB connection whose current schema holds the tables.
        tables: names of those that exist.
        narrow: names of those that lack columns of this version.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, tables: Collection[str], narrow: Collection[str] = ()
    ) -> None:
        self._connection = connection
        self.tables = set(tables) if "_dlt_loads" in tables else set()
        self.whole_tables = self.tables - set(narrow)

    def _first(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The only row of an answer, null if it has none. It is read to its end: DuckDB 2 keeps open what is not."""
        rows = self._connection.execute(sql, list(values)).fetchall()
        return rows[0] if rows else None

    def _table(self, name: str, columns: str) -> str:
        if name in self.tables:
            return name
        declared = next(table for table in TABLES if table.name == name)
        types = {column: SQL_TYPES[declared[column].type] for column in columns.split(", ")} | {LOAD_ID: "VARCHAR"}
        nulls = ", ".join(f"NULL::{type_} AS {column}" for column, type_ in types.items())
        return f"(SELECT {nulls} WHERE false)"

    def _newest(self, table: str, time: str, condition: str = "true") -> datetime | None:
        if table not in self.tables:
            return None
        row = self._first(
            f"SELECT max({time}) FROM {table} "  # noqa: S608 (names are our own)
            f"WHERE {condition} AND _dlt_load_id IN ({COMPLETED})"
        )
        return row[0] if row else None

    def _literal(self, value: str) -> str:
        """A text as the destination's SQL writes it."""
        return text(value)

    def _moment(self, time: datetime) -> str:
        """A time in SQL that databases share."""
        return f"CAST({self._literal(time.isoformat())} AS TIMESTAMP WITH TIME ZONE)"

    def _elements(self, column: str) -> str:
        """What gives a row for each element of a list of texts, in the SELECT list of the destination's SQL."""
        return f"unnest({column}::VARCHAR[])"

    def _rows(self, sql: str) -> list[Any]:
        """The answer to a query in SQL that databases share."""
        return self._connection.execute(sql).fetchall()

    def _arrow(self, sql: str, schema: pa.Schema) -> pa.Table:
        """The same as Arrow, for answers of many rows."""
        return as_declared(self._connection.sql(sql).to_arrow_table(), schema)

    def _rows_of(self, table: str, columns: Sequence[str], playlist_ids: Sequence[str], order: Order) -> pa.Table:
        """Some columns of a table, of some playlists one after the other, in an order."""
        declared = next(declared for declared in TABLES if declared.name == table)
        rows = self._connection.sql(
            f"SELECT {', '.join(columns)} FROM {table} "  # noqa: S608 (names are our own)
            f"WHERE playlist_id IN ({', '.join(map(self._literal, playlist_ids))}) AND _dlt_load_id IN ({COMPLETED}) "
            f"ORDER BY playlist_id, {' '.join(order)}"
        ).to_arrow_table()
        return as_declared(rows, pa.schema([pa.field(name, declared[name].type) for name in columns]))


def list_of(value: Any) -> list[Any]:
    """A list of keys or URIs as a destination gives it: a list, or JSON."""
    return list(json.loads(value) if isinstance(value, str) else value)
