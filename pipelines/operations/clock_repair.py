"""`playlake repair --clock`: moves loads that a wrong clock wrote into the future back to plausible times.

Load ids and observations are times, and what is written later must be newer. So all times later than now move back by
one and the same span, by which the newest of them is now; where that would set them before what was written with a
right clock, they are set into the time between in proportion. Their order stays.
"""

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import duckdb

from pipelines.destinations.clock_shift import PROMISED, SENT, Shift, find_shift
from pipelines.destinations.lake import Lake
from pipelines.destinations.parquet.compaction_lock import compaction_lock
from pipelines.destinations.parquet.compaction_steps import ORPHAN_AGE, Compactor
from pipelines.destinations.recovery import finish_pending
from pipelines.destinations.working_folder import working_folder_lock
from pipelines.operations.doctor.api import clock_findings
from schemas import TABLES
from schemas.spec import TIME
from sources.errors import DestinationError, TryLaterError
from sources.spotify import read_settings
from sources.stored.dlt_adapter import FilesClient, folder_of, sql_client_of
from sources.stored.files import show_lake
from sources.stored.lake_folder import is_load_id, listed, replacements, time_of
from sources.stored.load_tables import LOADS, NOTES
from sources.stored.tables import LOAD_ID

STATE, VERSION = "_dlt_pipeline_state", "_dlt_version"
OWN = (
    *((table.name, column.name) for table in TABLES for column in table.columns if column.type == TIME),
    (LOADS, "inserted_at"),
    (NOTES, "inserted_at"),
    (STATE, "created_at"),
    (VERSION, "inserted_at"),
)
"""Tables and their columns of times, dlt's own too."""

log = logging.getLogger("playlake")


def repair_clock(lake: Lake, now: datetime, *, dry_run: bool = False) -> Shift | None:
    """Moves what a wrong clock has written into the future back to where it can have been.

    Args:
        lake: where.
        now: the time, which must be right.
        dry_run: only say what would be done.

    Returns:
        What was done; null if nothing is later than now.

    Raises:
        DestinationError: the lake does not exist, or its kind cannot be repaired.
        TryLaterError: a sync is writing to the lake.
    """
    if not lake.exists():
        msg = f"There is nothing at {lake.location}: name the lake with --path and --destination."
        raise DestinationError(msg)
    with working_folder_lock(lake), lake.exclusive_lock(), lake.settings():
        pipeline = lake.pipeline()
        if not dry_run:
            # Packages that wait here have ids of the future, too.
            finish_pending(pipeline)
        with pipeline.destination_client() as client:
            if (folder := folder_of(client)) is not None:
                return _repair_files(folder, now, dry_run=dry_run)
            if sql_client_of(client) is None:
                msg = f"{lake.destination} is not a database that answers SQL: it cannot be repaired."
                raise DestinationError(msg)
            return _repair_database(client, now, dry_run=dry_run)


def require_right_clock(now: datetime) -> None:
    """Refuses to repair a lake while this machine's clock is wrong.

    Raises:
        TryLaterError: the clock is wrong, or the API's server cannot be asked for the time.
    """
    for finding in clock_findings(read_settings().api_url, now):
        if finding.level == "problem":
            msg = f"{finding.message} Nothing was changed; --trust-clock does it if this machine's clock is right."
            raise TryLaterError(msg)


def _repair_database(client: Any, now: datetime, *, dry_run: bool) -> Shift | None:
    sql = client.sql_client
    present = dict(client.get_storage_tables(sorted({name for name, _ in OWN} | {table.name for table in TABLES})))
    own = [(table, column) for table, column in OWN if column in present.get(table, ()) and column not in SENT]
    if LOADS not in {table for table, _ in own}:
        return None

    def times() -> Iterator[datetime]:
        for table, column in own:
            if column != PROMISED:
                yield from (time for row in sql.execute_sql(_extremes(table, column, now)) for time in row if time)

    loads = (row[0] for row in sql.execute_sql(f"SELECT load_id FROM {LOADS}"))  # noqa: S608 (names are our own)
    shift = find_shift(loads, times(), now)
    if shift is None or dry_run:
        return shift
    dialect = client.capabilities.sqlglot_dialect
    with sql.begin_transaction():
        for table, column in own:
            moved = f"{column} = {shift.sql(column, dialect)}"
            sql.execute_sql(f"UPDATE {table} SET {moved} WHERE {shift.condition(column)}")  # noqa: S608
        for load_id in shift.loads:
            for table in (name for name, columns in present.items() if LOAD_ID in columns):
                sql.execute_sql(
                    f"UPDATE {table} SET {LOAD_ID} = %s WHERE {LOAD_ID} = %s",  # noqa: S608
                    shift.load_id(load_id),
                    load_id,
                )
            if present.get(NOTES):
                sql.execute_sql(f"UPDATE {NOTES} SET load_id = %s WHERE load_id = %s", shift.load_id(load_id), load_id)  # noqa: S608
            sql.execute_sql(f"UPDATE {LOADS} SET load_id = %s WHERE load_id = %s", shift.load_id(load_id), load_id)  # noqa: S608
    log.info("Moved %s", shift)
    return shift


def _repair_files(client: FilesClient, now: datetime, *, dry_run: bool) -> Shift | None:
    """Merges all active loads into one with corrected times, which replaces them like a compaction."""
    with duckdb.connect() as connection:
        shift = _shift_of_files(client, connection, now)
    if shift is None or dry_run:
        return shift
    with compaction_lock(client) as lock, duckdb.connect() as connection:
        compactor = Compactor(client, connection, lock, now)
        # A repair that was interrupted may just have become active.
        if (left := _shift_of_files(client, connection, now)) is not None:
            for table in (STATE, VERSION):
                _rename(client, table, left)
            compactor.merge(left)
        compactor.clean(ORPHAN_AGE)
    log.info("Moved %s", shift)
    return shift


def _shift_of_files(client: FilesClient, connection: duckdb.DuckDBPyConnection, now: datetime) -> Shift | None:
    listing = listed(client)
    show_lake(connection, client, listing)
    times: list[datetime] = []
    for table in TABLES:
        for column in table.columns:
            if column.type == TIME and column.name not in SENT | {PROMISED}:
                rows = connection.execute(_extremes(table.name, column.name, now)).fetchall()
                times += [time for row in rows for time in row if time]
    return find_shift(listing.complete - set(replacements(client, listing)), times, now)


def _extremes(table: str, column: str, now: datetime) -> str:
    """Asks for the latest time until now, and for the first and last after it."""
    until = f"TIMESTAMP WITH TIME ZONE '{now.isoformat()}'"
    latest = f"max(CASE WHEN {column} <= {until} THEN {column} END)"
    after = f"CASE WHEN {column} > {until} THEN {column} END"
    return f"SELECT {latest}, min({after}), max({after}) FROM {table}"  # noqa: S608 (names are our own)


def _rename(client: FilesClient, table: str, shift: Shift) -> None:
    """What dlt keeps of itself: the newest counts, by the time in a file's name."""
    fs: Any = client.fs_client
    for path in fs.glob(f"{client.dataset_path}{table}/*.jsonl"):
        folder, _, name = str(path).rpartition("/")
        parts = name.split("__")
        if len(parts) == 3 and is_load_id(parts[1]) and time_of(parts[1]) > shift.now:
            fs.mv(path, f"{folder}/{parts[0]}__{shift.load_id(parts[1])}__{parts[2]}")
