"""Where the tables are: a DuckDB file, a folder of Parquet files, or another destination of dlt's."""

import errno
import hashlib
import logging
import os
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import dlt
import duckdb

from pipelines import elsewhere
from sources.errors import ConfigurationError, DestinationError, TryLaterError
from sources.spotify.remote import Remote, copy_all, copy_tables
from sources.spotify.stored import show_lake

if TYPE_CHECKING:
    from dlt.destinations.impl.filesystem.filesystem import FilesystemClient

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says when it has no more space, or a user none."""
DAMAGED = (duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)
"""What DuckDB says of a database whose contents make no sense."""
SIGNS_OF_DAMAGE = ("corrupt", "checksum", "truncated", "magic bytes", "could not read enough bytes")
DEFAULT_PATHS = {"duckdb": "playlake.duckdb", "parquet": "lake"}


@dataclass(frozen=True, slots=True)
class Lake:
    """A destination.

    Attributes:
        destination: `duckdb`, `parquet`, or the name of any other destination of dlt's.
        path: the file, or the folder or bucket URL; none for other destinations, which dlt's
            configuration describes.
        dataset: the schema in the database, or the folder below the path.

    Raises:
        ConfigurationError: the dataset's name would lead elsewhere.
    """

    destination: str = "duckdb"
    path: str | None = None
    dataset: str = "spotify"

    def __post_init__(self) -> None:
        if not self.dataset.strip() or any(sign in self.dataset for sign in '/\\"') or self.dataset.startswith("."):
            msg = f"dataset = {self.dataset!r} is no name for a schema or folder: use letters and digits."
            raise ConfigurationError(msg)

    @property
    def location(self) -> str:
        """The path, or the usual one; of other destinations the name."""
        return self.path or DEFAULT_PATHS.get(self.destination, self.destination)

    @property
    def is_url(self) -> bool:
        """Whether the path names a bucket."""
        return "://" in self.location

    @property
    def pipeline_name(self) -> str:
        """Of the dlt pipeline that loads into it, and of its working folder; tells destinations apart."""
        mark = hashlib.sha256(f"{self.destination} {self._place} {self.dataset}".encode()).hexdigest()[:10]
        return f"playlake_{mark}"

    @property
    def _place(self) -> str:
        return self.location if self.is_url else str(Path(self.location).absolute())

    def pipeline(self) -> dlt.Pipeline:
        """The dlt pipeline that loads into it.

        Raises:
            ConfigurationError: dlt knows no such destination.
        """
        dlt.config["runtime.dlthub_telemetry"] = False
        # Twenty tables loaded at once need 100 MB more and are no faster on two cores.
        dlt.config["load.workers"] = 2
        # Loaded packages and the rows waiting to be merged are of no use any more.
        dlt.config["load.delete_completed_jobs"] = True
        dlt.config["load.truncate_staging_dataset"] = True
        logging.getLogger("dlt").addFilter(elsewhere.is_news)
        name = elsewhere.known(self.destination)
        if self.path is not None and name not in DEFAULT_PATHS:
            msg = f"--path says nothing to destination {name}: put where it is into .dlt/secrets.toml, or leave it out."
            raise ConfigurationError(msg)
        try:
            return dlt.pipeline(
                self.pipeline_name,
                destination=self._dlt_destination(self._place),
                dataset_name=self.dataset,
                dev_mode=False,
            )
        except Exception as error:
            msg = f"destination = {name!r} cannot be used: {elsewhere.first_line(error)}"
            raise elsewhere.said(error, name) or ConfigurationError(msg) from None

    def _dlt_destination(self, place: str) -> Any:
        if self.destination == "duckdb":
            return dlt.destinations.duckdb(place, enable_dataset_name_normalization=False)
        if self.destination == "parquet":
            return dlt.destinations.filesystem(place, enable_dataset_name_normalization=False)
        return self.destination

    def exists(self) -> bool:
        """Whether there may be something already: for files and folders here, whether the path is there."""
        return self.is_url or self.destination not in DEFAULT_PATHS or Path(self.location).exists()

    def alone(self) -> AbstractContextManager[None]:
        """For as long as a sync writes: keeps others away from a database, which is reached before anything is asked.

        Files and folders here are of one machine, where a lock file does it; buckets take more than one at a time.

        Raises:
            ConfigurationError: settings or packages are missing.
            DestinationError: it cannot be reached.
            TryLaterError: another sync is under way.
        """
        if self.destination in DEFAULT_PATHS:
            return nullcontext()
        return elsewhere.alone(self.pipeline(), self.destination)

    def check(self) -> None:
        """Opens it for writing once, so that trouble shows before anything is asked of Spotify.

        Raises:
            DestinationError: it cannot be made or written.
            TryLaterError: another process has it open.
        """
        if self.is_url or self.destination not in DEFAULT_PATHS:
            return
        path = Path(self.location)
        try:
            if self.destination == "duckdb":
                path.parent.mkdir(parents=True, exist_ok=True)
                duckdb.connect(str(path)).close()
            else:
                path.mkdir(parents=True, exist_ok=True)
                probe = path / ".playlake-write-test"
                probe.touch()
                probe.unlink()
        except (OSError, duckdb.Error) as error:
            raise cannot_open(path, error) from None

    def identity(self) -> tuple[int, int] | None:
        """What tells the file or folder from another of the same name; null if it is not there, or not on a disk."""
        if self.is_url or self.destination not in DEFAULT_PATHS:
            return None
        try:
            found = Path(self.location).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def discard_if_empty(self) -> None:
        """Removes a file or folder that holds nothing, as a failed first sync leaves it behind."""
        path = Path(self.location)
        try:
            if self.destination == "parquet":
                path.rmdir()
                return
            with duckdb.connect(str(path), read_only=True) as connection:
                is_empty = not connection.execute("FROM duckdb_tables()").fetchall()
            if is_empty:
                path.unlink()
        except (OSError, duckdb.Error):
            # Somebody else has put something there.
            return

    @contextmanager
    def open(self, only: Collection[str] | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that finds the tables and views by their bare names, for reading.

        Args:
            only: the tables that are wanted; other databases than DuckDB are copied, and then no more than these.

        Raises:
            ConfigurationError: there is nothing yet.
            TryLaterError: another process has the file open for writing.
        """
        if self.destination == "duckdb":
            opened = self._open_file()
        elif self.destination == "parquet":
            opened = self._open_folder()
        else:
            opened = self._open_copy(only)
        try:
            yield opened
        finally:
            opened.close()

    def _open_copy(self, only: Collection[str] | None) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        with elsewhere.opened(self.pipeline(), self.destination) as client:
            remote = Remote(client) if client.is_storage_initialized() else None
            if remote is None or not remote.tables:
                msg = f"There are no tables in {self.destination}, dataset {self.dataset}: run playlake sync first."
                raise DestinationError(msg)
            if only is None:
                copy_all(remote, connection)
            else:
                copy_tables(remote, connection, only)
        return connection

    def _open_file(self) -> duckdb.DuckDBPyConnection:
        path = Path(self.location)
        if not path.is_file():
            msg = f"There is no database at {path}: run playlake sync first, or name it with --path."
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

    def _open_folder(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        with self.pipeline().destination_client() as client:
            if not show_lake(connection, cast("FilesystemClient", client)):
                connection.close()
                msg = f"There are no tables in {self.location}: run playlake sync first, or name it with --path."
                raise DestinationError(msg)
        return connection


def file_format(pipeline: dlt.Pipeline) -> Any:
    """In which files rows travel: Parquet where that is read best; for others dlt knows what they take."""
    dialect = pipeline.destination.capabilities().sqlglot_dialect if pipeline.destination else None
    # dlt would take CSV for Postgres, which has no lists.
    return {"duckdb": "parquet", "postgres": "insert_values"}.get(str(dialect))


def cannot_open(path: Path, error: Exception) -> DestinationError | TryLaterError:
    """What it means that DuckDB or the system does not open a file: held by another process, damaged, or refused."""
    said = elsewhere.first_line(error)
    words = said.lower()
    if is_full(error):
        return disk_full(str(path), said)
    if "set lock" in words or "file is already open" in words:
        return TryLaterError(f"{path} is open in another process ({said}): close it there, then try again.")
    if "not a valid duckdb" in words:
        return DestinationError(
            f"{path} is no DuckDB database ({said}): nothing was changed; name another with --path."
        )
    if is_damaged(error):
        return DestinationError(f"{path} is damaged ({said}): restore it from a backup, or name another with --path.")
    return DestinationError(f"{path} cannot be opened for writing ({said}): name another with --path.")


def is_full(error: BaseException) -> bool:
    """Whether an error of the system's or of DuckDB's says that there is no more space."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in FULL
    return any(os.strerror(number) in str(error) for number in FULL)


def is_damaged(error: Exception) -> bool:
    """Whether an error of DuckDB's says that the contents of a file make no sense."""
    words = str(error).lower()
    return isinstance(error, DAMAGED) or any(part in words for part in SIGNS_OF_DAMAGE)


def disk_full(place: str, said: str) -> DestinationError:
    """What to say then."""
    return DestinationError(f"The disk is full: {place} ({said}). Make space; the next sync goes on.")
