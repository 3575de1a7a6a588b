"""Repairs lost tables and columns: recreates them, or sets them aside, so that dlt can go on."""

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import dlt
from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.impl.filesystem.filesystem import FilesystemClient
from dlt.destinations.sql_client import WithSqlClient

from schemas import TABLES, VIEWS
from schemas.spec import Table
from sources.errors import DestinationError
from sources.stored.dialects import dialect_of
from sources.stored.lake_folder import check_records, listed
from sources.stored.load_tables import LOADS
from sources.stored.losses import SCHEMA, TYPES, VERSION, Loss, columns_of, describe_losses, losses
from sources.stored.tables import LOAD_ID

ADDITIONS = "playlist_additions"
ASIDE = "playlist_additions_aside"
"""Where additions wait that lack a column, until a whole reading has brought back what Spotify still has of them."""

log = logging.getLogger("playlake")


def repair_tables(client: Any, *, full: bool) -> bool:
    """Prepares lost tables and columns so that dlt can recreate them, if everything is to be read again.

    Args:
        client: dlt's client of the destination, connected; null outside of a pipeline.
        full: whether everything is read again.

    Returns:
        Whether dlt has to look at every table: it makes again, or gives columns to, those that it loads.

    Raises:
        DestinationError: something was lost, and not everything is read again.
    """
    if client is None:
        return False
    listing = None
    if isinstance(client, FilesystemClient):
        listing = listed(client)
        # What has only lost its record needs no reading again, and has history that Spotify has not.
        check_records(client, listing)
    found = losses(client, listing)
    if found and not full:
        msg = f"{describe_losses(found)} Run playlake sync --full: it brings back all that Spotify still has."
        raise DestinationError(msg)
    if isinstance(client, FilesystemClient) or not isinstance(client, WithSqlClient):
        return bool(found)
    if found:
        log.warning("%s Everything is read again.", describe_losses(found))
        _restore(client, found)
    if full:
        _drop_doubles(client)
    # The contents of the staging schema are of no use to anybody else.
    with _staging(client) as staging:
        if staging is not None and losses(staging):
            _forget_schema(staging)
    return bool(found)


def _drop_doubles(client: Any) -> None:
    """Deletes all but the newest of rows that are there more than once, and would show items more than once."""
    row = dialect_of(client).row_id
    for table in TABLES if row else ():
        if table.kind != "fact":
            number = f"row_number() OVER (PARTITION BY {', '.join(table.key)} ORDER BY {LOAD_ID} DESC)"
            numbered = f"SELECT {row} AS place, {number} AS number FROM {table.name}"  # noqa: S608 (names are our own)
            doubles = f"SELECT place FROM ({numbered}) AS rows_of_it WHERE number > 1"  # noqa: S608
            _tried(client, f"DELETE FROM {table.name} WHERE {row} IN ({doubles})")  # noqa: S608


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
    if dialect_of(client).views_block_changes:
        # The sync makes them again.
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
    values = {
        LOAD_ID: f"(SELECT min(load_id) FROM {LOADS} WHERE status = 0)",  # noqa: S608 (names are our own)
        "playlist_snapshots.item_count": dialect_of(client).json_length("item_keys"),
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
        DestinationError: the table cannot be renamed.
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

    Those that were read again keep the time when they were first observed; those that Spotify no longer has come back
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
