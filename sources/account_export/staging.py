"""Stages plays in a local database, each once, until all files were read without error."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as filled
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.listening.plays import TABLE
from schemas.spec import INT, TEXT, TIME
from sources.account_export.entries import HistoryEntry, moment, offline_moment, played
from sources.account_export.files import histories, report_file_errors
from sources.account_export.json_array import elements
from sources.errors import ConfigurationError, DestinationError
from sources.play_keys import moment_key

DECODER = msgspec.json.Decoder(list[HistoryEntry], strict=False)
"""Lenient about numbers and truth values that come as texts."""

LIMITS: dict[str, Any] = {"memory_limit": "48MB", "threads": "1", "preserve_insertion_order": "false"}
"""Of the database that looks through them."""
GROUP = 10_000
"""Rows that are written at a time."""

_GIVEN_LATER = {"user_id", "play_key", "source", "context_uri", "context_type", "run_id", "first_observed_at"}
_MORE: "list[pa.Field[Any]]" = [pa.field("file", pa.int32()), pa.field("username", TEXT), pa.field("first_key", INT)]
STAGED = pa.schema([*_MORE, *(column for column in TABLE.arrow if column.name not in _GIVEN_LATER)])


@dataclass(slots=True)
class Staged:
    """Plays that were read from files, and not stored yet.

    Attributes:
        path: the Parquet file that has them.
        connection: to a database that shows it as `staged`, numbered by `file_row_number`.
        files: names of the histories.
        passed_over: names of other files.
        plays: how many there are, those that files repeat too.
        timeless: entries without a time, which are no plays.
    """

    path: Path
    connection: duckdb.DuckDBPyConnection = filled(init=False)
    files: list[str] = filled(default_factory=list)
    passed_over: list[str] = filled(default_factory=list)
    plays: int = 0
    timeless: int = 0

    @property
    def lacks_user(self) -> bool:
        """Whether there are plays of which no file says whose they are."""
        sql = "SELECT count(*) FROM (SELECT file FROM staged GROUP BY file HAVING count(username) = 0)"
        [(count,)] = self.connection.execute(sql).fetchall()
        return bool(count)


@contextmanager
def stage(paths: Sequence[Path]) -> Iterator[Staged]:
    """Reads all histories of some files and zips.

    Args:
        paths: the paths of the files.

    Raises:
        ConfigurationError: a file is neither a history nor another file of the account data.
    """
    with TemporaryDirectory(prefix="playlake-import-", ignore_cleanup_errors=True) as folder:
        try:
            staged = _read(paths, Path(folder) / "plays.parquet")
        except OSError as error:
            msg = f"What was read cannot be kept in {folder} ({error.strerror or error}). Nothing was stored."
            raise DestinationError(msg) from None
        with duckdb.connect(config=LIMITS | {"temp_directory": folder}) as staged.connection:
            staged.connection.read_parquet(str(staged.path), file_row_number=True).create_view("staged")
            yield staged


def _read(paths: Sequence[Path], kept: Path) -> Staged:
    staged, waiting, count = Staged(kept), list[pa.Table](), 0
    with pq.ParquetWriter(kept, STAGED, compression="zstd", compression_level=1) as writer:
        for history in histories(paths, staged.passed_over):
            with report_file_errors(history.name):
                for number, entries in enumerate(elements(history.stream, DECODER, history.name)):
                    if number == 0 and not entries[0].is_play:
                        msg = f"{history.name} is not a streaming history of Spotify's: its entries are not plays."
                        raise ConfigurationError(msg)
                    waiting.append(_table(staged, entries, history.name))
                    if (count := count + waiting[-1].num_rows) >= GROUP:
                        writer.write_table(pa.concat_tables(waiting))
                        waiting, count = [], 0
            staged.files.append(history.name)
        for table in waiting:
            writer.write_table(table)
    if not staged.files:
        msg = (
            f"{', '.join(staged.passed_over)}: no streaming history. Name the zip that Spotify sent, or files called "
            "Streaming_History... or endsong....json."
        )
        raise ConfigurationError(msg)
    return staged


def _table(staged: Staged, entries: list[HistoryEntry], name: str) -> pa.Table:
    plays = [entry for entry in entries if entry.ts or entry.endTime]
    staged.timeless += len(entries) - len(plays)
    staged.plays += len(plays)
    try:
        return _batch(plays, len(staged.files))
    except (ValueError, OverflowError) as error:
        msg = f"{name} has a time that is not valid ({error}). Nothing was stored."
        raise ConfigurationError(msg) from None


def _batch(entries: list[HistoryEntry], file: int) -> pa.Table:
    """Plays as rows, without what identifies a device or an address."""
    moments = [moment(entry.ts or entry.endTime or "") for entry in entries]
    lengths = [entry.ms_played if entry.ms_played is not None else entry.msPlayed for entry in entries]
    items = [played(entry) for entry in entries]
    keys = [moment_key(time, item.identity, length) for time, item, length in zip(moments, items, lengths, strict=True)]
    columns: list[list[Any]] = [
        [file] * len(entries),
        [entry.username or None for entry in entries],
        keys,
        moments,
        ["second" if entry.ts else "minute" for entry in entries],
        [item.uri for item in items],
        [item.kind for item in items],
        [item.name for item in items],
        [item.artist or None for item in items],
        [item.album or None for item in items],
        lengths,
        [entry.reason_start or None for entry in entries],
        [entry.reason_end or None for entry in entries],
        [entry.shuffle for entry in entries],
        [entry.skipped for entry in entries],
        [entry.offline for entry in entries],
        [offline_moment(entry.offline_timestamp) for entry in entries],
        [entry.platform or None for entry in entries],
        [entry.conn_country or None for entry in entries],
        [entry.incognito_mode for entry in entries],
    ]
    arrays = [
        pa.array(values, INT).cast(TIME) if column.type == TIME else pa.array(values, column.type)
        for values, column in zip(columns, STAGED, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=STAGED)
