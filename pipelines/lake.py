"""Where the tables are: a DuckDB file, a folder of Parquet files, or another destination of dlt's."""

import hashlib
import logging
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

    def pipeline(self) -> dlt.Pipeline:
        """The dlt pipeline that loads into it; its name tells destinations apart.

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
        place = self.location if self.is_url else str(Path(self.location).absolute())
        mark = hashlib.sha256(f"{self.destination} {place} {self.dataset}".encode()).hexdigest()[:10]
        name = elsewhere.known(self.destination)
        if self.path is not None and name not in DEFAULT_PATHS:
            msg = f"--path says nothing to destination {name}: put where it is into .dlt/secrets.toml, or leave it out."
            raise ConfigurationError(msg)
        try:
            return dlt.pipeline(
                f"playlake_{mark}",
                destination=self._dlt_destination(place),
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
    if "lock" in said.lower():
        return TryLaterError(f"{path} is open in another process ({said}): close it there, then try again.")
    if "not a valid DuckDB" in said or "corrupt" in said.lower():
        return DestinationError(
            f"{path} is no DuckDB database ({said}): nothing was changed; name another with --path."
        )
    return DestinationError(f"{path} cannot be opened for writing ({said}): name another with --path.")
