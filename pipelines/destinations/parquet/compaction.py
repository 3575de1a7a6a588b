"""Compaction of a Parquet lake: merges many small files into few, and drops superseded rows.

The steps, under the compaction lock: merge, decide, activate, clean.

All completed loads are written again as one merged load. The merged load becomes active by a single new file in
`_dlt_loads`, which also names the loads that it replaces: until that file exists readers see the old loads, from then
on the merged one, and a kill at any moment leaves one of the two. Only one process can create the note that decides
which compaction follows the active one, as the note's name is taken from the active one: so of two compactions that
began with the same loads only one becomes active. Files that no load needs are deleted after that, by this compaction
or by the next, but never files that somebody reads or may still be writing, and never because a record is missing.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.destinations.clock_shift import Shift
from pipelines.destinations.compaction_result import ORPHAN_AGE
from pipelines.destinations.parquet.atomic_files import create, sync, sync_folder, write
from pipelines.destinations.parquet.compaction_lock import CompactionLock
from schemas import TABLES
from schemas.lake import MERGED_FROM, newest_rows, paths_sql
from schemas.spec import LISTS, Table
from sources.errors import TryLaterError
from sources.stored.dlt_adapter import FilesClient
from sources.stored.files import lake_files, show_tables
from sources.stored.lake_folder import (
    AFTER,
    COMPACTED,
    LoadRecord,
    check_records,
    listed,
    load_of,
    note_path,
    read_record,
    record_path,
    replacements,
    time_of,
)
from sources.stored.read_lock import unread

ROWS_PER_GROUP = 50_000
LISTS_PER_GROUP = 16_000_000
"""Bytes in memory of a group of rows with lists: a reader of one playlist's states unpacks all lists of their group."""
READ_GRACE = timedelta(days=1)
"""How long replaced files are kept where no lock shows whether somebody reads them."""
MAX_LOAD_DURATION = timedelta(days=1)
"""A load that began longer ago than this does not complete any more."""
NOTE_RETENTION = timedelta(days=30)
"""How long the note that decided on a compaction is kept: nobody can still be about to decide otherwise then."""
REPLACES = b"playlake.replaces"
"""Metadata key of a merged file: the loads that were merged."""


class Compactor:
    """Merges and deletes the files of a lake, for the holder of the compaction lock.

    Args:
        client: opens the folder or bucket.
        connection: an empty DuckDB connection; the lake's completed loads become tables there.
        lock: the compaction lock, which the caller holds.
        now: the time.

    Raises:
        DestinationError: records of loads are lost.
    """

    def __init__(
        self, client: FilesClient, connection: duckdb.DuckDBPyConnection, lock: CompactionLock, now: datetime
    ) -> None:
        self._client, self._connection, self._lock, self._now = client, connection, lock, now
        self._list()
        check_records(client, self.listing)
        self._finish_interrupted()

    def _list(self) -> None:
        self.listing = listed(self._client)
        self.replaced = replacements(self._client, self.listing)

    @property
    def loads(self) -> set[str]:
        """Ids of the active loads."""
        return self.listing.complete - set(self.replaced)

    @property
    def sizes(self) -> dict[str, int]:
        """Bytes of each data file of an active load, by path."""
        files = [path for paths in self.listing.data.values() for path in paths]
        return {path: self.listing.sizes[path] for path in files if load_of(path) in self.loads}

    @property
    def _decision(self) -> str:
        """The name of the file that decides which compaction follows the active one."""
        return AFTER + max((load_id for load_id in self.loads if COMPACTED in load_id), default="none")

    def _finish_interrupted(self) -> None:
        """Activates or discards a compaction that was decided on and then interrupted."""
        path = self.listing.notes.get(self._decision)
        if path is None:
            return
        record = read_record(self._client, path)
        if set(record.files or ()) <= set(self.listing.sizes):
            self._activate(record)
        else:
            self._remove(path)
        self._list()

    def merge(self, shift: Shift | None = None) -> None:
        """Merges the active loads into one, which replaces them.

        Args:
            shift: corrects times that a wrong clock dated in the future.

        Raises:
            TryLaterError: another compaction of these loads was faster.
        """
        loads = self.loads
        files = lake_files(self._client, self.listing)
        # Also where there is nothing to merge: a damaged file is noticed here.
        show_tables(self._connection, self._client, self.listing)
        if len(loads) < 2 and shift is None:
            return
        base = max(load_id.partition(COMPACTED)[0] for load_id in loads)
        if shift is not None and shift.loads:
            base = shift.load_id(base)
        load_id = f"{base}{COMPACTED}{self._now.timestamp():.0f}-{token_hex(4)}"
        try:
            written = [
                self._write(table, load_id, loads, self._select(table, load_id, files[table.name], shift))
                for table in TABLES
                if table.name in files
            ]
        except (duckdb.IOException, FileNotFoundError):
            if set(self.sizes) <= set(listed(self._client).sizes):
                raise
            raise self._lost_race() from None
        record = LoadRecord(load_id, self._now, replaces=sorted(loads), files=written)
        self._lock.check()
        if not set(written) <= set(listed(self._client).sizes):
            raise self._lost_race()
        if not create(self._client, note_path(self._client, self._decision), msgspec.json.encode(record)):
            raise self._lost_race()
        self._activate(record)
        self._list()

    def _lost_race(self) -> TryLaterError:
        return TryLaterError(f"Another compaction of {self._client.dataset_path} was faster: nothing was replaced.")

    def _activate(self, record: LoadRecord) -> None:
        """Writes the record that makes the merged load active in place of the others, and a note of it."""
        data = encoded(record)
        write(self._client, record_path(self._client, record.load_id), data)
        write(self._client, note_path(self._client, record.load_id), data)

    def _write(self, table: Table, load_id: str, loads: set[str], select: str) -> str:
        """Writes one file with all current rows of a table, sorted by key, and gives its path."""
        self._lock.check()
        reader = self._connection.sql(select).to_arrow_reader(ROWS_PER_GROUP)
        path = f"{self._client.dataset_path}{table.name}/{load_id}.compact.parquet"
        fields = [*table.arrow, pa.field("_dlt_load_id", pa.string(), nullable=False)]
        fields += [pa.field(MERGED_FROM, pa.string())] if table.kind != "fact" else []
        schema = pa.schema(fields, {REPLACES: msgspec.json.encode(sorted(loads))})
        fs: Any = self._client.fs_client
        with fs.open(path, "wb") as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
            for batch in reader:
                rows = pa.Table.from_batches([batch]).cast(schema)
                writer.write_table(rows, row_group_size=_rows_per_group(rows))
        if self._client.is_local_filesystem:
            sync(path)
            sync_folder(Path(path).parent)
        return path

    def _select(self, table: Table, load_id: str, paths: list[str], shift: Shift | None) -> str:
        columns = ", ".join(shift.column(column) if shift else column.name for column in table.columns)
        if table.kind == "fact":
            source, where, more = table.name, "true", ""
        else:
            source, merged_from = f"({newest_rows(table, paths_sql(paths))})", f"coalesce({MERGED_FROM}, _dlt_load_id)"
            more = f", {shift.sql_of_id(merged_from) if shift else merged_from} AS {MERGED_FROM}"
            # A removed element stays removed, even if an older load that has the element completes only now.
            late = f"{(self._now - MAX_LOAD_DURATION).timestamp():.6f}"
            is_child = table.kind == "child"
            where = f"removed IS NOT true OR coalesce({MERGED_FROM}, _dlt_load_id) > '{late}'" if is_child else "true"
        return (
            f"SELECT {columns}, '{load_id}' AS _dlt_load_id{more} FROM {source} WHERE {where} "  # noqa: S608
            f"ORDER BY {', '.join(table.key)}"
        )

    def clean(self, orphan_age: timedelta, replaced_age: timedelta = timedelta()) -> None:
        """Deletes the files of loads that are not active and never will be, except those that somebody may be reading.

        Args:
            orphan_age: files of incomplete loads that began longer ago than this are deleted.
            replaced_age: files of loads that were replaced longer ago than this are deleted if nobody reads them.
        """
        self._lock.check()
        self._remove(*(path for name, path in self.listing.notes.items() if self._is_old(name)))
        self._remove(*filter(self._is_left_over, self.listing.partial))
        self._lock.check()
        with unread(self._client) as nobody_reads:
            age = READ_GRACE if nobody_reads is None else replaced_age
            done = {
                load_id
                for load_id, since in self.replaced.items()
                if nobody_reads is not False and since <= self._now - age
            }
            # Who reads has found the records, too, and opens them later.
            for paths in (self.listing.notes, self.listing.records):
                self._remove(*(path for load_id, path in paths.items() if load_id in done))
            for load_id in self.listing.written:
                if load_id in done or (load_id not in self.replaced and self._is_dead(load_id, orphan_age)):
                    self._remove(*(p for paths in self.listing.data.values() for p in paths if load_of(p) == load_id))
        self._list()

    def _is_dead(self, load_id: str, orphan_age: timedelta) -> bool:
        """Whether a load never became active and never will. Loads that may have been complete once are kept."""
        kept = {*self.listing.records, *self.listing.noted, *self.listing.unknown}
        if load_id in kept or not self.listing.noted:
            return False
        base, _, begun = load_id.partition(COMPACTED)
        return time_of(begun.partition("-")[0] or base) < self._now - orphan_age

    def _is_old(self, note: str) -> bool:
        """Whether a note decided on a compaction that was replaced, longer ago than `NOTE_RETENTION`."""
        if not note.startswith(AFTER):
            return False
        record = read_record(self._client, self.listing.notes[note])
        return record.load_id in self.replaced and record.inserted_at < self._now - NOTE_RETENTION

    def _is_left_over(self, path: str) -> bool:
        written_at = self._client.fs_client.modified(path)
        return bool(written_at < datetime.now(UTC) - ORPHAN_AGE)

    def _remove(self, *paths: str) -> None:
        for path in paths:
            with suppress(FileNotFoundError):
                self._client.fs_client.rm_file(path)


def _rows_per_group(rows: pa.Table) -> int:
    if not any(kind in LISTS for kind in rows.schema.types):
        return ROWS_PER_GROUP
    return max(1, min(ROWS_PER_GROUP, rows.num_rows * LISTS_PER_GROUP // max(rows.nbytes, 1)))


def encoded(record: LoadRecord) -> bytes:
    """A record as a line of `_dlt_loads`."""
    values = {name: value for name, value in msgspec.to_builtins(record).items() if name != "files"}
    return msgspec.json.encode(values) + b"\n"
