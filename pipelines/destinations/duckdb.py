"""A DuckDB file."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.destinations.file_errors import cannot_open, is_damaged
from pipelines.destinations.noted_records import warn
from pipelines.destinations.paths import PathDestination, is_duckdb_file
from pipelines.destinations.sql_database import SqlDatabase
from sources.errors import ConfigurationError, DestinationError, PlaylakeError
from sources.stored import load_notes

if TYPE_CHECKING:
    import dlt

    from sources.stored.load_id import TableRows

FEW = 3
"""Databases in a folder of which an error names each."""
ANYTHING = """
SELECT count(*) FROM (
    SELECT schema_name FROM duckdb_schemas() WHERE NOT internal AND schema_name <> 'main'
    UNION ALL SELECT table_name FROM duckdb_tables()
    UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal
    UNION ALL SELECT function_name FROM duckdb_functions() WHERE NOT internal
    UNION ALL SELECT sequence_name FROM duckdb_sequences()
    UNION ALL SELECT type_name FROM duckdb_types() WHERE NOT internal
)
"""
"""Whether a DuckDB file holds anything of anybody's."""


class DuckDB(SqlDatabase, PathDestination):
    """A DuckDB file. Arguments are those of `Destination`."""

    default_path = "playlake.duckdb"
    load_format = "parquet"

    def __init__(self, name: str, path: str | None, dataset: str) -> None:
        super().__init__(name, path, dataset)
        _check_file(self.location, self.dataset)

    @classmethod
    def is_at(cls, path: str) -> bool:
        """Whether a path is a DuckDB file's, which is known by its contents."""
        return is_duckdb_file(path)

    def dlt_destination(self) -> Any:
        """The dlt destination."""
        from pipelines.destinations.dlt_duckdb import DatabaseFile

        return DatabaseFile(self.place, enable_dataset_name_normalization=False)

    def release(self, pipeline: "dlt.Pipeline") -> None:
        """Closes the database, which stays open during a load."""
        from pipelines.destinations.dlt_duckdb import DatabaseFile

        if isinstance(pipeline.destination, DatabaseFile):
            pipeline.destination.release()

    def may_use_setting(self, setting: tuple[str, ...]) -> bool:  # noqa: ARG002
        """Nothing of the user's: a DuckDB file needs nothing but its path."""
        return False

    def store(self, pipeline: "dlt.Pipeline", rows: "Iterable[TableRows]") -> bool:
        """Writes them in one transaction, then the views, which may be of an earlier version."""
        from sources.stored.direct_load import store

        with pipeline.destination_client() as client:
            store(client, rows)
            load_notes.note_loads(client)
            self.make_views(client)
        return True

    @contextmanager
    def exclusive_lock(self) -> Iterator[None]:
        """A lock file beside the database: DuckDB's own lock is free between two steps of a sync."""
        from pipelines.destinations.file_lock import file_lock

        path = Path(self.place)
        lock, made = path.with_name(f".{path.name}.lock"), [folder for folder in path.parents if not folder.exists()]
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_open(path, error) from None
        busy = f"Another sync is writing to {self.location}: try again when it is done."
        with file_lock(lock, busy):
            try:
                yield
            finally:
                if not path.exists():
                    _remove_traces(lock, made)

    def check(self) -> None:
        """Opens the file for writing once, so that errors show before any request to Spotify.

        Raises:
            DestinationError: the file cannot be created or written.
            TryLaterError: another process has the file open.
        """
        path = Path(self.location)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with duckdb.connect(str(path)) as connection:
                self._check_spelling(connection)
        except (OSError, duckdb.Error) as error:
            raise cannot_open(path, error) from None

    def _check_spelling(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Databases take a name for the same in capitals and small letters, and dlt does not."""
        rows = connection.execute("SELECT schema_name FROM information_schema.schemata").fetchall()
        for (name,) in rows:
            if name.casefold() == self.dataset.casefold() and name != self.dataset:
                msg = f"{self.location} has the schema {name!r}: write --dataset {name}, not {self.dataset}."
                raise ConfigurationError(msg)

    def discard_if_empty(self) -> None:
        """Removes a file that holds nothing at all, as a failed first sync leaves it behind."""
        path = Path(self.location)
        try:
            with duckdb.connect(str(path), read_only=True) as connection:
                (count,) = connection.execute(ANYTHING).fetchall()[0]
            # What is not in the file yet is in the one beside it.
            if not count and not path.with_name(f"{path.name}.wal").exists():
                path.unlink()
        except (OSError, duckdb.Error):
            # Somebody else has put something there.
            return

    @contextmanager
    def opened(self, only: Collection[str] | None) -> Iterator[duckdb.DuckDBPyConnection]:  # noqa: ARG002
        """A connection that only reads; all tables are there."""
        opened = self._open_file()
        try:
            warn(load_notes.lost_in(opened, self.dataset))
            yield opened
        finally:
            opened.close()

    def shell_arguments(self) -> list[str]:
        """A file that is only read, in its schema."""
        with self.open():
            pass
        return ["-readonly", "-cmd", f'USE "{self.dataset}"', self.place]

    def _open_file(self) -> duckdb.DuckDBPyConnection:
        path = Path(self.location)
        if not path.is_file():
            msg = f"There is no database at {path}: run playlake sync first, or name it with --path{_others(path)}."
            raise DestinationError(msg)
        try:
            connection = duckdb.connect(str(path), read_only=True)
        except duckdb.Error as error:
            raise cannot_open(path, error) from None
        try:
            connection.execute(f'USE "{self.dataset}"')
        except duckdb.Error:
            connection.close()
            msg = f"{path} has no schema {self.dataset!r}: run playlake sync first, or name it with --dataset."
            raise DestinationError(msg) from None
        return connection

    def damage_shown_in(self, cause: BaseException) -> PlaylakeError | None:
        """What an error says of a file that is damaged; null if it is not."""
        if isinstance(cause, duckdb.Error) and is_damaged(cause):
            return cannot_open(Path(self.location), cause)
        return None

    def is_file_error(self, cause: duckdb.Error) -> bool:
        """Whether an error during a load is about the database file itself."""
        return isinstance(cause, duckdb.IOException | duckdb.FatalException)


def _remove_traces(lock: Path, folders: list[Path]) -> None:
    """Removes the lock file and folders of a sync that created no database."""
    with suppress(OSError):
        lock.unlink()
        for folder in folders:
            folder.rmdir()


def _check_file(location: str, dataset: str) -> None:
    """Refuses paths that DuckDB would interpret differently.

    Raises:
        ConfigurationError: DuckDB would interpret the path differently.
    """
    if "?" in location:
        msg = f"--path {location}: DuckDB takes a question mark for the end of a file's name: use another name."
        raise ConfigurationError(msg)
    if Path(location).stem.casefold() == dataset.casefold():
        msg = (
            f"{location} and its schema {dataset!r} are called the same, so DuckDB could not tell {dataset}.tracks: "
            "use another --path or --dataset."
        )
        raise ConfigurationError(msg)


def _others(path: Path) -> str:
    """The databases that are there instead of a missing one, for the end of a sentence; nothing if there are many."""
    others = sorted(str(one) for one in path.parent.glob("*.duckdb"))
    return f"; there is {' and '.join(others)}" if 0 < len(others) <= FEW else ""
