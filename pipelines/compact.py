"""Compaction of a Parquet lake: few files in place of many, without what no answer needs any more.

The completed loads so far are written as one, whose id sorts after theirs and before all later ones. It
comes into force by a single new file in `_dlt_loads`, which also names the loads that it replaces: until that
file is there readers see the old ones, from then on the new one, and a kill at any moment leaves one of the
two. What no load needs is deleted after that, by this compaction or by the next.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import dlt
import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from dlt.destinations.impl.filesystem.filesystem import FilesystemClient
from filelock import FileLock, Timeout

from pipelines.lake import Lake
from pipelines.sync import finish_pending
from schemas import TABLES
from schemas.table import Table
from sources.errors import ConfigurationError, DestinationError, TryLaterError
from sources.spotify.stored import LOADS, load_of, show_lake

SUFFIX = "~"
"""After a load's id: sorts after that load and before every later one."""
ROWS_PER_GROUP = 50_000
SCHEMA = "spotify"
ORPHAN_AGE = timedelta(hours=1)
"""An incomplete load this old is taken for dead; a younger one may be under way on another machine."""


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
        TryLaterError: a sync is writing to it.
    """
    if lake.destination != "parquet":
        msg = f"Only Parquet lakes are compacted; {lake.destination} keeps itself in order."
        raise ConfigurationError(msg)
    pipeline = lake.pipeline()
    lock = FileLock(Path(pipeline.pipelines_dir) / f"{pipeline.pipeline_name}.lock", timeout=0)
    Path(pipeline.pipelines_dir).mkdir(parents=True, exist_ok=True)
    now = now or datetime.now(UTC)
    try:
        with lock:
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
        _compact(folder, now, dead)
        after = folder.data_files()
    return Compaction(len(before), len(after), sum(before.values()), sum(after.values()))


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


def _compact(folder: _Folder, now: datetime, dead: str) -> None:
    loads = folder.loads()
    # What a killed compaction of the same loads left behind must not be read together with this one.
    _delete_others(folder, loads, dead, folder.replaced())
    if len(loads) > 1:
        load_id = max(loads) + SUFFIX
        for table in TABLES:
            _write(folder, table, load_id)
        _commit(folder, load_id, loads, now)
        _delete_others(folder, {load_id}, dead, loads)


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
    return iter(folder.connection.execute(sql).to_arrow_reader(ROWS_PER_GROUP))


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


def _delete_others(folder: _Folder, loads: set[str], dead: str, replaced: Collection[str]) -> None:
    """Deletes the files of loads that are not in force: replaced, compacted in vain, or dead.

    Args:
        folder: the lake.
        loads: ids of the loads in force.
        dead: incomplete loads with smaller ids (they are times) are taken for dead.
        replaced: loads that were in force once.
    """

    def goes(load_id: str) -> bool:
        return load_id not in loads and (load_id in replaced or load_id.endswith(SUFFIX) or load_id < dead)

    for path in folder.data_files():
        if goes(load_of(path)):
            folder.fs.rm_file(path)
    for path in folder.fs.glob(f"{folder.path}{LOADS}/*"):
        name = path.rpartition("/")[2]
        if name.endswith(".partial") or goes(name.removesuffix(".jsonl").partition("__")[2]):
            folder.fs.rm_file(path)
