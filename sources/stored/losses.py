"""Tables and columns that are gone, or are of another type, without dlt's knowing it.

dlt believes its record of the schema, and so would write to what is not there. What was lost is found by comparing that
record with the destination, before anything is read.
"""

import json
import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import dlt
import pyarrow as pa
from dlt.common.destination.exceptions import DestinationUndefinedEntity
from dlt.common.pipeline import SupportsPipeline
from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.impl.filesystem.filesystem import FilesystemClient
from dlt.destinations.sql_client import WithSqlClient

from schemas import TABLES, VIEWS
from schemas.spec import BYTES, DATE, FLAG, INT, KEYS, TEXT, TIME, Table
from sources.errors import DestinationError
from sources.stored.lake_folder import LOADS, check_records, listed
from sources.stored.state import LOAD_ID, lake_files

SCHEMA = "spotify"
VERSION = "_dlt_version"
ADDITIONS = "playlist_additions"
ASIDE = "playlist_additions_aside"
"""Where additions wait that lack a column, until a whole reading has brought back what Spotify still has of them."""

TYPES: dict[pa.DataType, str] = {
    TEXT: "text",
    INT: "bigint",
    FLAG: "bool",
    BYTES: "binary",
    DATE: "date",
    TIME: "timestamp",
    KEYS: "json",
}
"""dlt's names of the types."""

log = logging.getLogger("playlake")


@dataclass(frozen=True, slots=True)
class Loss:
    """What is gone, or other than it was made.

    Attributes:
        table: of ours.
        column: of it; null if the whole table is gone.
        was_changed: the column is there, with another type.
    """

    table: str
    column: str | None = None
    was_changed: bool = False

    def __str__(self) -> str:
        if self.column is None:
            return f"table {self.table}"
        return f"{'type of ' if self.was_changed else ''}column {self.table}.{self.column}"


def mend_tables(pipeline: SupportsPipeline | None, *, full: bool) -> bool:
    """Makes the way free for dlt to make anew what was lost, if everything is to be read again.

    Args:
        pipeline: whose destination is looked at.
        full: whether everything is read again.

    Returns:
        Whether dlt has to look at every table: it makes anew, or gives columns to, those that it loads.

    Raises:
        DestinationError: something was lost, and not everything is read again.
    """
    if not isinstance(pipeline, dlt.Pipeline):
        return False
    with pipeline.destination_client() as client:
        if isinstance(client, FilesystemClient):
            # What has only lost its record needs no reading again, and has history that Spotify has not.
            check_records(client, listed(client))
        found = losses(client)
        if found and not full:
            msg = f"{told(found)} Run playlake sync --full: it brings back all that Spotify still has."
            raise DestinationError(msg)
        if isinstance(client, FilesystemClient) or not isinstance(client, WithSqlClient):
            return bool(found)
        if found:
            log.warning("%s Everything is read again.", told(found))
            _restore(client, found)
        if full:
            _drop_doubles(client)
        # What stands in the schema where dlt merges is of no use to anybody else.
        with _staging(client) as staging:
            if staging is not None and losses(staging):
                _forget_schema(staging)
    return bool(found)


def _drop_doubles(client: Any) -> None:
    """Deletes all but the newest of rows that are there more than once, and would show items more than once."""
    row = {"duckdb": "rowid", "postgres": "ctid"}.get(str(client.capabilities.sqlglot_dialect))
    for table in TABLES if row else ():
        if table.kind != "fact":
            number = f"row_number() OVER (PARTITION BY {', '.join(table.key)} ORDER BY {LOAD_ID} DESC)"
            numbered = f"SELECT {row} AS place, {number} AS number FROM {table.name}"  # noqa: S608 (names are our own)
            doubles = f"SELECT place FROM ({numbered}) AS rows_of_it WHERE number > 1"  # noqa: S608
            _tried(client, f"DELETE FROM {table.name} WHERE {row} IN ({doubles})")  # noqa: S608


def told(found: Collection[Loss]) -> str:
    """In a sentence."""
    return f"The destination has lost {', '.join(map(str, found))}, or somebody has changed it."


def losses(client: Any) -> list[Loss]:
    """What dlt has made and the destination no longer holds; nothing where dlt's own record is lost too."""
    recorded = _recorded(client)
    if not recorded:
        return []
    if isinstance(client, FilesystemClient):
        present = lake_files(client)
        # Without records of loads there are no tables at all, which is told elsewhere.
        return [Loss(name) for name in recorded if name not in present and present]
    if not isinstance(client, WithSqlClient):
        return []
    return list(_lost_in_database(client, recorded))


def _recorded(client: Any) -> dict[str, set[str]]:
    """Our tables with their columns, as dlt believes them to be there."""
    stored = _schema_in_files(client) if isinstance(client, FilesystemClient) else _schema_in_database(client)
    if stored is None:
        return {}
    tables = json.loads(stored)["tables"]
    ours = {table.name for table in TABLES}
    return {name: set(table["columns"]) for name, table in tables.items() if name in ours and table.get("columns")}


def _schema_in_database(client: Any) -> str | None:
    """The fullest of the schemas that dlt has recorded: one from an empty working folder knows only what it wrote."""
    table = client.sql_client.make_qualified_table_name(VERSION)
    sql = f"SELECT version_hash FROM {table} WHERE schema_name = %s ORDER BY length(schema) DESC LIMIT 1"  # noqa: S608
    try:
        rows = client.sql_client.execute_sql(sql, SCHEMA)
    except DestinationUndefinedEntity:
        return None
    return str(client.get_stored_schema_by_hash(rows[0][0]).schema) if rows else None


def _schema_in_files(client: FilesystemClient) -> str | None:
    """The same of a folder or bucket."""
    found = client.fs_client.glob(f"{client.dataset_path}{VERSION}/{SCHEMA}__*.jsonl", detail=True)
    if not found:
        return None
    path = max(found, key=lambda path: int(found[path]["size"]))
    return str(json.loads(client.fs_client.cat_file(path))["schema"])


def columns_of(client: Any, name: str) -> dict[str, Any]:
    """The columns of a database's table, with dlt's names of their types; none if there is no such table."""
    return dict(dict(client.get_storage_tables([name]))[name])


def _lost_in_database(client: Any, recorded: dict[str, set[str]]) -> Iterator[Loss]:
    present = dict(client.get_storage_tables(list(recorded)))
    if not any(present.values()):
        # A dataset that nobody has begun, or that was emptied on purpose: dlt makes all of it.
        return
    by_name = {table.name: table for table in TABLES}
    naive = _without_zone(client)
    for name, columns in recorded.items():
        if not present.get(name):
            yield Loss(name)
            continue
        types = {column.name: TYPES[column.type] for column in by_name[name].columns} | {LOAD_ID: "text"}
        for column in sorted(columns & types.keys()):
            there = present[name].get(column)
            if there is None:
                yield Loss(name, column)
            elif _is_other(there, types[column]) or (name, column) in naive:
                yield Loss(name, column, was_changed=True)


def _without_zone(client: Any) -> set[tuple[str, str]]:
    """Columns of times that do not say of which zone, which dlt does not tell from those that do."""
    if client.capabilities.sqlglot_dialect not in ("duckdb", "postgres"):
        return set()
    sql = (
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = %s "
        "AND left(lower(data_type), 9) = 'timestamp' AND position('with time zone' IN lower(data_type)) = 0"
    )
    return {(row[0], row[1]) for row in client.sql_client.execute_sql(sql, client.sql_client.dataset_name) or ()}


def _is_other(there: Any, wanted: str) -> bool:
    """Whether a column's type is none that holds all that is written."""
    if there.get("data_type") != wanted:
        return True
    return wanted == "bigint" and (there.get("precision") or 64) < 64


@contextmanager
def _staging(client: Any) -> Iterator[Any]:
    """The client where dlt merges from, or null where there is nothing like that."""
    try:
        with client.with_staging_dataset():
            yield client if client.is_storage_initialized() else None
    except AttributeError:
        yield None


def _restore(client: Any, found: Collection[Loss]) -> None:
    """Gives what is left a shape that dlt can go on with; no row is deleted."""
    if client.capabilities.sqlglot_dialect == "postgres":
        # They would keep columns from being changed; the sync makes them again.
        for view in VIEWS:
            _tried(client, f"DROP VIEW IF EXISTS {view}")
    by_table: dict[str, list[Loss]] = {}
    for loss in found:
        by_table.setdefault(loss.table, []).append(loss)
    for table in TABLES:
        concerned = [loss for loss in by_table.get(table.name, ()) if loss.column is not None]
        if concerned:
            _reshape(client, table, concerned)
    _forget_schema(client)


def _reshape(client: Any, table: Table, found: Collection[Loss]) -> None:
    """What dlt cannot do itself: other types, and columns that no row may lack."""
    left = [loss for loss in found if not (loss.was_changed and _retyped(client, table, loss))]
    if table.name == ADDITIONS and left:
        # Its rows are never changed, so those that lack something are read again and put in their place.
        _set_aside(client, table, ASIDE)
        return
    for loss in left:
        needed = loss.column == LOAD_ID or not table[str(loss.column)].nullable
        if loss.was_changed or (needed and not _filled(client, table, str(loss.column))):
            _set_aside(client, table, f"{table.name}_{datetime.now(UTC):%Y%m%d_%H%M%S}")
            return


def _retyped(client: Any, table: Table, loss: Loss) -> bool:
    """Whether a column could be given its own type again."""
    column = str(loss.column)
    type_ = _sql_type(client, table, column)
    cast = f"CAST({column} AS {type_})"
    return _tried(client, f"ALTER TABLE {table.name} ALTER COLUMN {column} TYPE {type_} USING {cast}")


def _sql_type(client: Any, table: Table, column: str) -> str:
    hint: Any = {"name": column, "data_type": "text" if column == LOAD_ID else TYPES[table[column].type]}
    return str(client.type_mapper.to_destination_type(hint, {"name": table.name, "columns": {column: hint}}))


def _filled(client: Any, table: Table, column: str) -> bool:
    """Whether a column that no row may lack could be made again out of what is left."""
    is_postgres = client.capabilities.sqlglot_dialect == "postgres"
    keys = "jsonb_array_length(item_keys)" if is_postgres else "json_array_length(item_keys)"
    values = {
        LOAD_ID: f"(SELECT min(load_id) FROM {LOADS} WHERE status = 0)",  # noqa: S608 (names are our own)
        "playlist_snapshots.item_count": keys,
        "playlist_snapshots.snapshot_id": "''",
    }
    value = values.get(column) or values.get(f"{table.name}.{column}")
    if value is None:
        return False
    return (
        _tried(client, f"ALTER TABLE {table.name} ADD COLUMN {column} {_sql_type(client, table, column)}")
        and _tried(client, f"UPDATE {table.name} SET {column} = {value}")  # noqa: S608
        and _tried(client, f"ALTER TABLE {table.name} ALTER COLUMN {column} SET NOT NULL")
    )


def _set_aside(client: Any, table: Table, name: str) -> None:
    """Renames a table that cannot be written to any more, so that a new one can take its place.

    Raises:
        DestinationError: it cannot be renamed.
    """
    if not _tried(client, f"ALTER TABLE {table.name} RENAME TO {name}"):
        msg = f"The table {table.name} is damaged and cannot be renamed to {name}: rename or drop it, and sync again."
        raise DestinationError(msg)
    log.warning("What is left of table %s is now %s", table.name, name)


def _tried(client: Any, sql: str) -> bool:
    try:
        client.sql_client.execute_sql(sql)
    except DatabaseException as error:
        log.info("%s: %s", sql, str(error).strip().partition("\n")[0])
        return False
    return True


def _forget_schema(client: Any) -> None:
    """Has dlt compare its schema with the destination at the next load, and make what lacks."""
    table = client.sql_client.make_qualified_table_name(VERSION)
    client.sql_client.execute_sql(f"DELETE FROM {table} WHERE schema_name = %s", SCHEMA)  # noqa: S608


def put_back_aside(pipeline: dlt.Pipeline) -> None:
    """Gives additions that were set aside their place again, after everything was read.

    Those that were read anew keep the time when they were first observed; those that Spotify no longer has come back
    with what is left of them.
    """
    with pipeline.destination_client() as client:
        if isinstance(client, FilesystemClient) or not isinstance(client, WithSqlClient):
            return
        columns = columns_of(client, ASIDE)
        if not {"playlist_id", "item_key"} <= columns.keys():
            return
        [table] = (table for table in TABLES if table.name == ADDITIONS)
        shared = [column.name for column in table.columns if column.name in columns]
        shared += [LOAD_ID] if LOAD_ID in columns else []
        same = "new.playlist_id = old.playlist_id AND new.item_key = old.item_key"
        lacking = {
            "first_observed_at": "(SELECT min(observed_at) FROM playlist_snapshots AS s "
            "WHERE s.playlist_id = old.playlist_id)",
            LOAD_ID: f"(SELECT min(load_id) FROM {LOADS} WHERE status = 0)",  # noqa: S608 (names are our own)
        }
        made = {name: sql for name, sql in lacking.items() if name not in shared}
        values = ", ".join([*(f"old.{name}" for name in shared), *made.values()])
        with client.sql_client.begin_transaction():
            if "first_observed_at" in shared:
                client.sql_client.execute_sql(
                    f"UPDATE {ADDITIONS} AS new SET first_observed_at = old.first_observed_at FROM {ASIDE} AS old "  # noqa: S608
                    f"WHERE {same} AND old.first_observed_at < new.first_observed_at"
                )
            client.sql_client.execute_sql(
                f"INSERT INTO {ADDITIONS} ({', '.join([*shared, *made])}) SELECT {values} FROM {ASIDE} AS old "  # noqa: S608
                f"WHERE NOT EXISTS (SELECT 1 FROM {ADDITIONS} AS new WHERE {same})"
            )
            client.sql_client.execute_sql(f"DROP TABLE {ASIDE}")
