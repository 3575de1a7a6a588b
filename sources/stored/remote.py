"""A database that DuckDB cannot open: what is needed of it is copied into one in memory.

For a sync that is little: how earlier ones ended, and of tracks, artists and so on the rows that it has met again. It
is asked for in SQL that databases share, through dlt's client for them.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

import duckdb
import pyarrow as pa

from schemas import FUNCTIONS, TABLES, VIEWS, function_sql, view_sql
from schemas.spec import BYTES, INT, KEYS, TEXT, Table
from sources.spotify.engine.batches import Batch
from sources.stored.lake_folder import LOADS
from sources.stored.state import COMPLETED, TRACKS, Stored, listed_keys

COPIED = (
    "playlists",
    "playlist_snapshots",
    "playlist_reads",
    "playlist_descriptions",
    "playlist_listings",
    "playlist_covers",
    "cover_checks",
    "runs",
)
"""Tables that a sync copies, without their long lists: a row per playlist, state, look or run."""

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
    def dialect(self) -> str:
        """The name of its SQL."""
        return str(self._client.capabilities.sqlglot_dialect)

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
        rows = self.rows(f"SELECT {columns} FROM {name}{where}")  # noqa: S608 (names are our own)
        values: Any = zip(*rows, strict=True) if rows else [()] * len(schema)
        arrays = [_array(each, field.type) for each, field in zip(values, schema, strict=True)]
        return pa.Table.from_arrays(arrays, schema=schema)

    def with_keys(self, name: str, schema: pa.Schema, key: str, values: Sequence[str]) -> pa.Table:
        """Those rows of a table that have one of some values."""
        found = [schema.empty_table()]
        for start in range(0, len(values), KEYS_PER_QUERY):
            wanted = ", ".join(map(self.literal, values[start : start + KEYS_PER_QUERY]))
            found.append(self.table(name, schema, f" WHERE {key} IN ({wanted})"))
        return pa.concat_tables(found)


class RemoteStored(Stored):
    """What a sync needs to know of such a database.

    Args:
        remote: the database.
        connection: where to copy to; empty.
    """

    def __init__(self, remote: Remote, connection: duckdb.DuckDBPyConnection) -> None:
        self._remote = remote
        super().__init__(connection, remote.tables, remote.narrow)
        copy_tables(remote, connection, COPIED, lists=False)

    @cached_property
    def links(self) -> dict[str, list[str]]:
        """Tracks that play for others: URIs of those that were added, by the URI of the one that plays."""
        pairs: list[tuple[str, str]] = []
        if "tracks" in self.tables:
            pairs += self._remote.rows(
                "SELECT track_uri, linked_from_uri FROM tracks WHERE track_uri <> linked_from_uri"
            )
        if "playlist_additions" in self.tables:
            played = "'spotify:track:' || track_id"
            pairs += self._remote.rows(
                f"SELECT DISTINCT {played}, item_uri FROM playlist_additions WHERE {played} <> item_uri"  # noqa: S608
            )
        found: dict[str, set[str]] = {}
        for by, added in pairs:
            if by.startswith(TRACKS) and added.startswith(TRACKS):
                found.setdefault(by, set()).add(added)
        return {by: sorted(added) for by, added in found.items()}

    def item_keys(self, playlist_id: str, observed_at: datetime) -> list[int]:
        """The keys of a stored state, in order."""
        rows = self._remote.rows(
            "SELECT item_keys FROM playlist_snapshots "  # noqa: S608 (values are escaped)
            f"WHERE playlist_id = {self._remote.literal(playlist_id)} "
            f"AND observed_at = CAST({self._remote.literal(observed_at.isoformat())} AS TIMESTAMP WITH TIME ZONE) "
            f"AND _dlt_load_id IN ({COMPLETED})"
        )
        return listed_keys(rows[0][0]) if rows else []

    def _literal(self, value: str) -> str:
        return self._remote.literal(value)

    def _rows(self, sql: str) -> list[Any]:
        return self._remote.rows(sql)

    def _rows_of(self, table: str, columns: Sequence[str], playlist_id: str) -> pa.Table:
        declared = next(declared for declared in TABLES if declared.name == table)
        schema = pa.schema([pa.field(name, declared[name].type) for name in columns])
        where = f" WHERE playlist_id = {self._remote.literal(playlist_id)} AND _dlt_load_id IN ({COMPLETED})"
        return self._remote.table(table, schema, where)

    def lacking_additions(self) -> set[str]:
        """Playlists whose newest state has keys of additions that are not there; looked for in Postgres only."""
        if self._remote.dialect != "postgres" or "playlist_snapshots" not in self.tables:
            return set()
        additions = (
            f"SELECT 1 FROM playlist_additions AS a WHERE a._dlt_load_id IN ({COMPLETED}) "  # noqa: S608 (names are our own)
            "AND a.playlist_id = n.playlist_id AND a.item_key = n.item_key::bigint"
            if "playlist_additions" in self.tables
            else "SELECT 1 WHERE false"
        )
        rows = self._remote.rows(
            "SELECT DISTINCT playlist_id FROM (SELECT playlist_id, jsonb_array_elements_text(item_keys) AS item_key "  # noqa: S608
            "FROM (SELECT DISTINCT ON (playlist_id) playlist_id, item_keys FROM playlist_snapshots "
            f"WHERE _dlt_load_id IN ({COMPLETED}) ORDER BY playlist_id, observed_at DESC) AS newest) AS n "
            f"WHERE NOT EXISTS ({additions})"
        )
        return {row[0] for row in rows}

    def kept_pictures(self) -> set[str]:
        """Hashes of the pictures that are there."""
        if "covers" not in self.tables:
            return set()
        return {row[0] for row in self._remote.rows(f"SELECT sha256 FROM covers WHERE _dlt_load_id IN ({COMPLETED})")}  # noqa: S608

    def changed(self, batch: Batch) -> pa.Table:
        """Those rows of a dimension or part batch that say something new, as they are to be stored."""
        table = batch.table
        if table.kind != "fact" and table.name in self.tables and table.name not in COPIED:
            keys: Any = batch.owners if table.kind == "part" else batch.rows[table.key[0]]
            rows = self._remote.with_keys(table.name, _columns(table), table.key[0], keys.to_pylist())
            self._connection.register(table.name, rows)
        return super().changed(batch)


def copy_tables(
    remote: Remote, connection: duckdb.DuckDBPyConnection, names: Collection[str], *, lists: bool = True
) -> None:
    """Copies tables of a database, and `_dlt_loads`, to where DuckDB finds them by their names.

    Args:
        remote: the database.
        connection: where to.
        names: of the tables.
        lists: whether their lists of keys, too.
    """
    if LOADS not in remote.tables:
        return
    loads: list[pa.Field[Any]] = [pa.field("load_id", TEXT), pa.field("status", INT)]
    connection.register(LOADS, remote.table(LOADS, pa.schema(loads)))
    for table in TABLES:
        if table.name in names and table.name in remote.tables:
            connection.register(table.name, remote.table(table.name, _columns(table, lists=lists)))


def copy_all(remote: Remote, connection: duckdb.DuckDBPyConnection) -> None:
    """Copies a whole dataset, and makes the views over it."""
    copy_tables(remote, connection, remote.tables)
    for name in VIEWS:
        connection.execute(f"CREATE TEMP VIEW {name} AS {view_sql(name)}")
    for name in FUNCTIONS:
        connection.execute(function_sql(name))


def _columns(table: Table, *, lists: bool = False) -> pa.Schema:
    """What is copied of a table: not the mark of what was removed, which databases have no use for."""
    fields = [
        pa.field(column.name, column.type)
        for column in table.columns
        if (lists or column.type != KEYS) and column.name != "removed"
    ]
    return pa.schema([*fields, pa.field("_dlt_load_id", TEXT)])


def _array(values: Sequence[Any], type_: pa.DataType) -> "pa.Array[Any]":
    if type_ == KEYS:
        return pa.array([None if value is None else listed_keys(value) for value in values], type_)
    if type_ == BYTES:
        # Drivers give views of their own memory.
        return pa.array([None if value is None else bytes(value) for value in values], type_)
    return pa.array(values, type_)
