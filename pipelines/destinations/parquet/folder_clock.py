"""Moves times of the future back in a folder or bucket: all loads become one with corrected times, as by compaction."""

import logging
from datetime import datetime
from typing import Any

import duckdb

from pipelines.destinations.clock_shift import PROMISED, SENT, Shift, extremes, find_shift
from pipelines.destinations.compaction_result import ORPHAN_AGE
from pipelines.destinations.parquet.compaction import Compactor
from pipelines.destinations.parquet.compaction_lock import compaction_lock
from schemas import TABLES
from schemas.spec import TIME
from sources.stored.dlt_adapter import FilesClient
from sources.stored.files import show_tables
from sources.stored.lake_folder import is_load_id, listed, replacements, time_of

DLTS_OWN = ("_dlt_pipeline_state", "_dlt_version")
"""Folders of what dlt keeps of itself, in files with a load id in their names."""

log = logging.getLogger("playlake")


def repair_folder(client: FilesClient, now: datetime, *, dry_run: bool) -> Shift | None:
    """Moves what is later than now; arguments and result are those of `Destination.repair_clock`."""
    with duckdb.connect() as connection:
        shift = _shift_of_files(client, connection, now)
    if shift is None or dry_run:
        return shift
    with compaction_lock(client) as lock, duckdb.connect() as connection:
        compactor = Compactor(client, connection, lock, now)
        # A repair that was interrupted may just have become active.
        if (left := _shift_of_files(client, connection, now)) is not None:
            for table in DLTS_OWN:
                _rename(client, table, left)
            compactor.merge(left)
        compactor.clean(ORPHAN_AGE)
    log.info("Moved %s", shift)
    return shift


def _shift_of_files(client: FilesClient, connection: duckdb.DuckDBPyConnection, now: datetime) -> Shift | None:
    listing = listed(client)
    show_tables(connection, client, listing)
    times: list[datetime] = []
    for table in TABLES:
        for column in table.columns:
            if column.type == TIME and column.name not in SENT | {PROMISED}:
                rows = connection.execute(extremes(table.name, column.name, now)).fetchall()
                times += [time for row in rows for time in row if time]
    return find_shift(listing.complete - set(replacements(client, listing)), times, now)


def _rename(client: FilesClient, table: str, shift: Shift) -> None:
    """What dlt keeps of itself: the newest counts, by the time in a file's name."""
    fs: Any = client.fs_client
    for path in fs.glob(f"{client.dataset_path}{table}/*.jsonl"):
        folder, _, name = str(path).rpartition("/")
        parts = name.split("__")
        if len(parts) == 3 and is_load_id(parts[1]) and time_of(parts[1]) > shift.now:
            fs.mv(path, f"{folder}/{parts[0]}__{shift.load_id(parts[1])}__{parts[2]}")
