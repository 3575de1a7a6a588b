"""Compaction of a Parquet lake: few files in place of many, without what no answer needs any more.

An operator asks for it, or a sync that finds a thousand files; then what was replaced stays for a reader in
the middle of a query, until the next sync.

The completed loads so far are written as one, whose id sorts after theirs and before all later ones. It
comes into force by a single new file in `_dlt_loads`, which also names the loads that it replaces: until that
file is there readers see the old ones, from then on the new one, and a kill at any moment leaves one of the
two. What no load needs is deleted after that, by this compaction or by the next.
"""

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import gethostname
from typing import Any, cast

import dlt
import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from dlt.destinations.impl.filesystem.filesystem import FilesystemClient
from filelock import FileLock, Timeout

from pipelines.lake import Lake
from pipelines.pending import finish_pending
from schemas import TABLES
from schemas.table import Table
from sources.errors import ConfigurationError, DestinationError, TryLaterError
from sources.spotify.stored import COMPACTED, LOADS, lake_files, load_of, show_lake

ROWS_PER_GROUP = 50_000
SCHEMA = "spotify"
ORPHAN_AGE = timedelta(hours=1)
"""An incomplete load, or a compaction, this old is taken for dead; a younger one may be under way elsewhere."""
MANY_FILES = 1_000
"""From so many on a sync compacts: opening them costs it a second and more, and every query too."""
CLAIM = "_playlake_compaction"

log = logging.getLogger("playlake")


@dataclass(frozen=True, slots=True)
class Compaction:
    """What a compaction did.

    Attributes:
        files_before: Parquet files of our tables, before.
        files_after: and after.
        bytes_before: their size in bytes, before.
        bytes_after: and after.
    """

    files_before: int
    files_after: int
    bytes_before: int
    bytes_after: int


def compact(lake: Lake, *, orphan_age: timedelta = ORPHAN_AGE, now: datetime | None = None) -> Compaction:
    """Merges the files of a Parquet lake.

    Args:
        lake: the folder or bucket.
        orphan_age: files of incomplete loads older than this are deleted.
        now: the time.

    Raises:
        ConfigurationError: the lake is not Parquet, or holds nothing.
        TryLaterError: a sync is writing to it, or another machine compacts it.
    """
    if lake.destination != "parquet":
        msg = f"Only Parquet lakes are compacted; {lake.destination} keeps itself in order."
        raise ConfigurationError(msg)
    pipeline = lake.pipeline()
    lock = FileLock(Path(pipeline.pipelines_dir) / f"{pipeline.pipeline_name}.lock", timeout=0)
    Path(pipeline.pipelines_dir).mkdir(parents=True, exist_ok=True)
    now = now or datetime.now(UTC)
    try:
        with lock, lake.settings():
            finish_pending(pipeline)
            return _compacted(lake, pipeline, now, str((now - orphan_age).timestamp()))
    except Timeout:
        msg = f"A sync is writing to {lake.location}: try again when it is done."
        raise TryLaterError(msg) from None


def _compacted(lake: Lake, pipeline: dlt.Pipeline, now: datetime, dead: str) -> Compaction:
    with pipeline.destination_client() as client, duckdb.connect() as connection:
        folder = _Folder(cast("FilesystemClient", client), connection)
        before = folder.data_files()
        if not before:
            msg = f"There are no tables in {lake.location}: run playlake sync first, or name the folder with --path."
            raise DestinationError(msg)
        with _claimed(folder, now) as is_ours:
            if not is_ours:
                msg = f"Another machine is compacting {lake.location}: try again in an hour at most."
                raise TryLaterError(msg)
            _compact(folder, now, dead)
        after = folder.data_files()
    return Compaction(len(before), len(after), sum(before.values()), sum(after.values()))


def keep_small(pipeline: dlt.Pipeline, now: datetime) -> None:
    """Compacts a folder of many files, and deletes what earlier compactions replaced; for a sync to end with.

    The caller holds the pipeline's lock. Whatever goes wrong is only logged: the sync has done its work.

    Args:
        pipeline: of any destination; nothing is done unless it is a folder or bucket.
        now: the time.
    """
    try:
        with pipeline.destination_client() as client:
            if isinstance(client, FilesystemClient):
                _keep_small(client, now, str((now - ORPHAN_AGE).timestamp()))
    except Exception as error:
        log.warning("The files could not be compacted (%s): playlake compact tries it again", error)


def _keep_small(client: FilesystemClient, now: datetime, dead: str) -> None:
    there = {load_of(path) for path in client.fs_client.find(client.dataset_path) if path.endswith(".parquet")}
    shown = lake_files(client)
    in_force = {load_of(path) for paths in shown.values() for path in paths}
    many = sum(map(len, shown.values())) >= MANY_FILES
    left_over = any(_is_dead(load_id, dead) for load_id in there - in_force)
    if not many and not left_over:
        return
    with duckdb.connect() as connection:
        folder = _Folder(client, connection)
        with _claimed(folder, now) as is_ours:
            if is_ours and many:
                log.info("Merging %s files", sum(map(len, shown.values())))
                _compact(folder, now, dead, keeps_replaced=True)
            elif is_ours:
                _delete(folder, folder.loads(), folder.replaced(), dead)


@contextmanager
def _claimed(folder: "_Folder", now: datetime) -> Iterator[bool]:
    """Whether nobody else compacts the folder now: two at once would delete each other's files.

    On this machine the lock of the pipeline sees to that; for others a file says who is at it. One of this
    machine is left from a process that died.
    """
    path, here = f"{folder.path}{CLAIM}", gethostname()
    if folder.fs.exists(path):
        host, _, since = folder.fs.cat_file(path).decode().partition(" ")
        if host != here and since > (now - ORPHAN_AGE).isoformat():
            yield False
            return
    folder.fs.pipe_file(path, f"{here} {now.isoformat()}".encode())
    try:
        yield True
    finally:
        folder.fs.rm_file(path)


def _is_dead(load_id: str, dead: str) -> bool:
    """Whether a load that is not in force will never be: made by a compaction, or of an id (a time) long ago."""
    return load_id.endswith(COMPACTED) or load_id < dead


class _Folder:
    """A lake's files, and a connection that sees its completed loads as tables."""

    def __init__(self, client: FilesystemClient, connection: duckdb.DuckDBPyConnection) -> None:
        self.fs: Any = client.fs_client
        self.path = client.dataset_path
        self.is_local = client.is_local_filesystem
        self.connection = connection
        # Loads that complete from now on stay out of this compaction.
        self.tables = show_lake(connection, client)

    def data_files(self) -> dict[str, int]:
        """Size in bytes of each Parquet file of our tables, by its path."""
        found: dict[str, int] = {}
        for table in TABLES:
            for path, info in self.fs.glob(f"{self.path}{table.name}/*.parquet", detail=True).items():
                found[path] = int(info["size"])
        return found

    def loads(self) -> set[str]:
        """Ids of the loads in force."""
        rows = self.connection.execute(f"SELECT load_id FROM {LOADS} WHERE status = 0").fetchall()  # noqa: S608
        return {row[0] for row in rows}

    def replaced(self) -> set[str]:
        """Ids of loads whose place another has taken, but whose files a killed compaction may have left."""
        rows = self.connection.execute(f"SELECT unnest(replaces) FROM {LOADS}").fetchall()  # noqa: S608
        return {row[0] for row in rows}


def _compact(folder: _Folder, now: datetime, dead: str, *, keeps_replaced: bool = False) -> None:
    loads = folder.loads()
    # What a killed compaction of the same loads left behind must not be read together with this one.
    _delete(folder, loads, folder.replaced(), dead)
    if len(loads) > 1:
        load_id = max(loads) + COMPACTED
        for table in TABLES:
            _write(folder, table, load_id)
        _commit(folder, load_id, loads, now)
        _delete(folder, {load_id}, loads, dead, only_records=keeps_replaced)


def _write(folder: _Folder, table: Table, load_id: str) -> None:
    """One file with all rows of a table that count, sorted by key."""
    if table.name not in folder.tables:
        return
    reader = _rows(folder, table, load_id)
    path = f"{folder.path}{table.name}/{load_id}.compact.parquet"
    schema = pa.schema([*table.arrow, pa.field("_dlt_load_id", pa.string(), nullable=False)])
    with folder.fs.open(path, "wb") as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in reader:
            rows = pa.Table.from_batches([batch])
            writer.write_table(rows.cast(schema), row_group_size=ROWS_PER_GROUP)


def _rows(folder: _Folder, table: Table, load_id: str) -> Iterator[pa.RecordBatch]:
    columns = ", ".join("NULL::BOOLEAN AS removed" if c.name == "removed" else c.name for c in table.columns)
    sql = f"SELECT {columns}, '{load_id}' AS _dlt_load_id FROM {table.name} ORDER BY {', '.join(table.key)}"  # noqa: S608
    return iter(folder.connection.sql(sql).to_arrow_reader(ROWS_PER_GROUP))


def _commit(folder: _Folder, load_id: str, replaced: set[str], now: datetime) -> None:
    """The one write by which the new load comes into force in place of the others."""
    record = {
        "load_id": load_id,
        "schema_name": SCHEMA,
        "status": 0,
        "inserted_at": now.isoformat(),
        "schema_version_hash": "",
        "replaces": sorted(replaced),
    }
    path = f"{folder.path}{LOADS}/{SCHEMA}__{load_id}.jsonl"
    # A bucket shows an object when it is whole; on a disk that takes a rename.
    partial = f"{path}.partial" if folder.is_local else path
    folder.fs.pipe_file(partial, msgspec.json.encode(record) + b"\n")
    if folder.is_local:
        folder.fs.mv(partial, path)


def _delete(
    folder: _Folder, in_force: Collection[str], replaced: Collection[str], dead: str, *, only_records: bool = False
) -> None:
    """Deletes the files of loads that are not in force and never will be.

    Args:
        folder: the lake.
        in_force: ids of loads to keep.
        replaced: ids of loads that were in force once.
        dead: incomplete loads with smaller ids (they are times) are taken for dead.
        only_records: leave the data, which somebody may be reading; without its record it does not count.
    """

    def goes(load_id: str) -> bool:
        return load_id not in in_force and (load_id in replaced or _is_dead(load_id, dead))

    for path in folder.fs.glob(f"{folder.path}{LOADS}/*"):
        name = path.rpartition("/")[2]
        if name.endswith(".partial") or goes(name.removesuffix(".jsonl").partition("__")[2]):
            folder.fs.rm_file(path)
    if not only_records:
        for path in folder.data_files():
            if goes(load_of(path)):
                folder.fs.rm_file(path)
