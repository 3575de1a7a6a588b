"""The stored state of a database that DuckDB cannot open."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal

import duckdb
import pyarrow as pa

from schemas import TABLES
from schemas.spec import Table
from sources.spotify.engine.buffers import Batch
from sources.stored.additions import TRACKS
from sources.stored.remote import KEYS_PER_QUERY, Remote, columns_of, copy_tables
from sources.stored.state import Stored
from sources.stored.tables import COMPLETED, Order

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

DIRECTIONS: dict[str, Literal["ascending", "descending"]] = {"ASC": "ascending", "DESC": "descending"}


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

    def _literal(self, value: str) -> str:
        return self._remote.literal(value)

    def _elements(self, column: str) -> str:
        return f"jsonb_array_elements_text({column})"

    def _rows(self, sql: str) -> list[Any]:
        return self._remote.rows(sql)

    def _arrow(self, sql: str, schema: pa.Schema) -> pa.Table:
        return self._remote.arrow(sql, schema)

    def _rows_of(self, table: str, columns: Sequence[str], playlist_ids: Sequence[str], order: Order) -> pa.Table:
        declared = next(declared for declared in TABLES if declared.name == table)
        schema = pa.schema([pa.field(name, declared[name].type) for name in columns])
        wanted = ", ".join(map(self._literal, playlist_ids))
        rows = self._remote.table(table, schema, f" WHERE playlist_id IN ({wanted}) AND _dlt_load_id IN ({COMPLETED})")
        column, direction = order
        return rows.sort_by([("playlist_id", "ascending"), (column, DIRECTIONS[direction])])

    def lacking_additions(self, playlist_ids: Sequence[str], user_id: str | None) -> set[str]:  # noqa: ARG002 (no turns)
        """Those of some playlists whose newest state has keys of additions that are not there; in Postgres only."""
        if not self._remote.dialect.has_distinct_on or "playlist_snapshots" not in self.tables or not playlist_ids:
            return set()
        wanted = ", ".join(map(self._literal, playlist_ids))
        additions = (
            f"SELECT 1 FROM playlist_additions AS a WHERE a._dlt_load_id IN ({COMPLETED}) "  # noqa: S608 (names are our own)
            "AND a.playlist_id = n.playlist_id AND a.item_key = n.item_key::bigint"
            if "playlist_additions" in self.tables
            else "SELECT 1 WHERE false"
        )
        rows = self._remote.rows(
            "SELECT DISTINCT playlist_id FROM (SELECT playlist_id, jsonb_array_elements_text(item_keys) AS item_key "  # noqa: S608
            "FROM (SELECT DISTINCT ON (playlist_id) playlist_id, item_keys FROM playlist_snapshots "
            f"WHERE playlist_id IN ({wanted}) AND _dlt_load_id IN ({COMPLETED}) "
            "ORDER BY playlist_id, observed_at DESC) AS newest) AS n "
            f"WHERE NOT EXISTS ({additions})"
        )
        return {row[0] for row in rows}

    def kept_pictures(self) -> set[str]:
        """Hashes of the pictures that are there."""
        if "covers" not in self.tables:
            return set()
        return {row[0] for row in self._remote.rows(f"SELECT sha256 FROM covers WHERE _dlt_load_id IN ({COMPLETED})")}  # noqa: S608

    def changed(self, batch: Batch) -> pa.Table:
        """The rows of a batch that are new or changed, as they are to be stored; of most facts all rows."""
        table = batch.table
        if table.differs and table.name in self.tables:
            self._connection.register(table.name, self._newest_observations(table, batch.rows))
        elif table.kind != "fact" and table.name in self.tables and table.name not in COPIED:
            keys = batch.keys
            rows = self._remote.with_keys(table.name, columns_of(table), table.key[0], keys)
            self._connection.register(table.name, rows)
        return super().changed(batch)

    def _newest_observations(self, table: Table, rows: pa.Table) -> pa.Table:
        """The newest row of each object that a batch has."""
        *_, item, time = table.key
        schema = columns_of(table)
        names, owner = ", ".join(schema.names), ", ".join(table.key[:-1])
        ids: list[Any] = rows[item].to_pylist()
        found = [schema.empty_table()]
        for start in range(0, len(ids), KEYS_PER_QUERY):
            wanted = ", ".join(self._literal(str(each)) for each in ids[start : start + KEYS_PER_QUERY])
            numbered = (
                f"SELECT {names}, row_number() OVER (PARTITION BY {owner} ORDER BY {time} DESC) AS age "  # noqa: S608
                f"FROM {table.name} WHERE {item} IN ({wanted}) AND _dlt_load_id IN ({COMPLETED})"
            )
            found.append(self._arrow(f"SELECT {names} FROM ({numbered}) AS numbered WHERE age = 1", schema))  # noqa: S608
        return pa.concat_tables(found)
