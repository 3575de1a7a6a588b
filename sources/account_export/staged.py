"""Histories as they are read: each play once, in a file of this machine's until all are known to be sound."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import msgspec
import pyarrow as pa

from schemas.listening.plays import TABLE
from schemas.spec import INT, TEXT, TIME
from sources.account_export.elements import elements
from sources.account_export.entries import HistoryEntry, moment, offline_moment, played
from sources.account_export.files import histories, told
from sources.errors import ConfigurationError, DestinationError
from sources.play_keys import moment_key

DECODER = msgspec.json.Decoder(list[HistoryEntry], strict=False)
"""Lenient about numbers and truth values that come as texts."""

LIMITS: dict[str, Any] = {"memory_limit": "96MB", "threads": "2", "preserve_insertion_order": "false"}
"""Of the database that holds them meanwhile: what does not fit goes to its file."""

_GIVEN_LATER = {"user_id", "play_key", "source", "context_uri", "context_type", "run_id", "first_observed_at"}
_MORE: "list[pa.Field[Any]]" = [pa.field("file", pa.int32()), pa.field("username", TEXT), pa.field("first_key", INT)]
STAGED = pa.schema([*_MORE, *(column for column in TABLE.arrow if column.name not in _GIVEN_LATER)])


@dataclass(slots=True)
class Staged:
    """Plays that were read from files, and not stored yet.

    Attributes:
        connection: to a database whose table `staged` has them.
        files: names of the histories.
        passed_over: names of other files.
        plays: how many there are, those that files repeat too.
        timeless: entries without a time, which are no plays.
    """

    connection: duckdb.DuckDBPyConnection
    files: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    plays: int = 0
    timeless: int = 0

    @property
    def lacks_user(self) -> bool:
        """Whether there are plays of which no file says whose they are."""
        sql = "SELECT count(*) FROM (SELECT file FROM staged GROUP BY file HAVING count(username) = 0)"
        row = self.connection.execute(sql).fetchone()
        return bool(row and row[0])


@contextmanager
def stage(paths: Sequence[Path]) -> Iterator[Staged]:
    """Reads all histories of some files and zips.

    Args:
        paths: of the files.

    Raises:
        ConfigurationError: one of them is no history, and no other file of the account data.
    """
    with (
        TemporaryDirectory(prefix="playlake-import-", ignore_cleanup_errors=True) as folder,
        duckdb.connect(f"{folder}/plays.duckdb", config=LIMITS | {"temp_directory": folder}) as connection,
    ):
        connection.register("empty", STAGED.empty_table())
        connection.execute("CREATE TABLE staged AS SELECT * FROM empty")
        connection.unregister("empty")
        staged = Staged(connection)
        try:
            _fill(staged, paths)
        except (duckdb.Error, OSError) as error:
            msg = f"What was read cannot be kept in {folder} ({str(error).partition(chr(10))[0]}). Nothing was stored."
            raise DestinationError(msg) from None
        yield staged


def _fill(staged: Staged, paths: Sequence[Path]) -> None:
    for history in histories(paths, staged.passed_over):
        with told(history.name):
            for number, entries in enumerate(elements(history.stream, DECODER, history.name)):
                if number == 0 and not entries[0].is_play:
                    msg = f"{history.name} is no streaming history of Spotify's account data: its entries are no plays."
                    raise ConfigurationError(msg)
                _add(staged, entries, history.name)
        staged.files.append(history.name)
    if not staged.files:
        msg = (
            f"{', '.join(staged.passed_over)}: no streaming history. Name the zip that Spotify sent, or files called "
            "Streaming_History... or endsong....json."
        )
        raise ConfigurationError(msg)


def _add(staged: Staged, entries: list[HistoryEntry], name: str) -> None:
    plays = [entry for entry in entries if entry.ts or entry.endTime]
    staged.timeless += len(entries) - len(plays)
    staged.plays += len(plays)
    try:
        batch = _batch(plays, len(staged.files))
    except (ValueError, OverflowError) as error:
        msg = f"{name} has a time that is none ({error}). Nothing was stored."
        raise ConfigurationError(msg) from None
    staged.connection.register("batch", batch)
    staged.connection.execute("INSERT INTO staged SELECT * FROM batch")
    staged.connection.unregister("batch")


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
