"""Where the tables are: a DuckDB file, a folder of Parquet files, or another destination of dlt's."""

import errno
import hashlib
import logging
import os
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import dlt
import duckdb
import pyarrow as pa
from dlt.common.normalizers.naming.snake_case import NamingConvention
from fsspec import available_protocols

from pipelines.destinations import sql_database
from pipelines.destinations.database_file import DatabaseFile
from pipelines.destinations.dlt_settings import settings_of
from pipelines.destinations.parquet.claim import lock_beside
from pipelines.destinations.parquet.damage import damage, is_of_reading
from pipelines.destinations.trusted_location import check_location
from sources.errors import ConfigurationError, DestinationError, PlaylakeError, TryLaterError
from sources.legible import is_utf8
from sources.spotify.config import local_path
from sources.stored.lake_folder import LOADS, all_records_are_lost, check_records, listed, lost_records, reading
from sources.stored.remote import Remote, copy_all, copy_tables
from sources.stored.state import show_lake

if TYPE_CHECKING:
    from dlt.destinations.impl.filesystem.filesystem import FilesystemClient

log = logging.getLogger("playlake")

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says when it has no more space, or a user none."""
DAMAGED = (duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)
"""What DuckDB says of a database whose contents make no sense."""
SIGNS_OF_DAMAGE = ("corrupt", "checksum", "truncated", "magic bytes", "could not read enough bytes")
DEFAULT_PATHS = {"duckdb": "playlake.duckdb", "parquet": "lake"}
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
DUCKDB_FILE = b"DUCK"
"""What a DuckDB file has from its ninth byte on."""
STAGING = "_staging"
"""What dlt puts behind a dataset's name for the schema through which it merges, and empties."""
DATABASES_OWN = {"information_schema", "pg_catalog", "system", "temp"}
"""Schemas that are in every database already, and hold nothing of a user's."""


@dataclass(frozen=True, slots=True)
class Lake:
    """A destination.

    Attributes:
        destination: `duckdb`, `parquet`, or the name of any other destination of dlt's.
        path: the file, or the folder or bucket URL; none for other destinations, which dlt's
            configuration describes.
        dataset: the schema in the database, or the folder below the path.

    What a path is, is seen: a folder with a lake in it is Parquet, and a DuckDB file DuckDB, whatever was asked for.

    Raises:
        ConfigurationError: the path names nothing, or the dataset's name means something else to dlt or a database.
    """

    destination: str = "duckdb"
    path: str | None = None
    dataset: str = "spotify"

    def __post_init__(self) -> None:
        _check_dataset(self.dataset, self.destination)
        if self.path is not None and self.destination in DEFAULT_PATHS:
            # A dataclass that is frozen is still being made here.
            object.__setattr__(self, "path", _path(self.path))
            object.__setattr__(self, "destination", _recognised(self.destination, self.path))
        if not is_utf8(self._place):
            msg = (
                f"{self._place} holds bytes that are no UTF-8, which databases do not take: use another folder or name."
            )
            raise ConfigurationError(msg)
        if self.destination == "duckdb":
            _check_file(self.location, self.dataset)
        if self.destination == "parquet" and not self.is_url and os.sep == "/" and "\\" in self._place:
            msg = f"{self.location} holds a backslash, which DuckDB takes for a separator: use another folder."
            raise ConfigurationError(msg)
        if self.destination == "parquet" and not self.is_url:
            _check_folder(Path(self._place), self.dataset)

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
        # A link, `..` and the path itself are one lake.
        return self.location.rstrip("/") if self.is_url else str(Path(self.location).resolve())

    def pipeline(self) -> dlt.Pipeline:
        """The dlt pipeline that loads into it.

        Raises:
            ConfigurationError: dlt knows no such destination, or settings of the folder would lead secrets elsewhere.
        """
        logging.getLogger("dlt").addFilter(sql_database.is_news)
        name = sql_database.known(self.destination)
        if self.path is not None and name not in DEFAULT_PATHS:
            msg = f"--path says nothing to destination {name}: put where it is into .dlt/secrets.toml, or leave it out."
            raise ConfigurationError(msg)
        try:
            with self.settings():
                made = dlt.pipeline(
                    self.pipeline_name,
                    destination=self._dlt_destination(self._place),
                    dataset_name=self.dataset,
                    dev_mode=False,
                )
        except Exception as error:
            msg = f"destination = {name!r} cannot be used: {sql_database.first_line(error)}"
            raise sql_database.said(error, name) or ConfigurationError(msg) from None
        if self.is_url or self.destination not in DEFAULT_PATHS:
            check_location(made, finds_secrets=self.is_url)
        return made

    def settings(self) -> AbstractContextManager[None]:
        """While it lasts, dlt has our settings for all that this thread does."""
        return settings_of(self.pipeline_name, self.destination)

    def _dlt_destination(self, place: str) -> Any:
        if self.destination == "duckdb":
            return DatabaseFile(place, enable_dataset_name_normalization=False)
        if self.destination == "parquet":
            return dlt.destinations.filesystem(place, enable_dataset_name_normalization=False)
        return self.destination

    def exists(self) -> bool:
        """Whether there may be something already: for files and folders here, whether the path is there."""
        return self.is_url or self.destination not in DEFAULT_PATHS or Path(self.location).exists()

    def alone(self) -> AbstractContextManager[None]:
        """For as long as a sync writes: keeps others away from a database, which is reached before anything is asked.

        Folders and buckets of Parquet files take more than one at a time: each adds files of its own.

        Raises:
            ConfigurationError: settings or packages are missing.
            DestinationError: it cannot be reached.
            TryLaterError: another sync is under way.
        """
        if self.destination == "duckdb":
            return self._file_alone()
        if self.destination in DEFAULT_PATHS:
            return nullcontext()
        return sql_database.alone(self.pipeline(), self.destination)

    @contextmanager
    def _file_alone(self) -> Iterator[None]:
        """DuckDB's own lock is free between two steps of a sync, which another working folder's would use."""
        path = Path(self._place)
        lock, made = path.with_name(f".{path.name}.lock"), [folder for folder in path.parents if not folder.exists()]
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_open(path, error) from None
        busy = f"Another sync is writing to {self.location}: try again when it is done."
        with lock_beside(lock, busy):
            try:
                yield
            finally:
                if not path.exists():
                    _remove_traces(lock, made)

    def is_shared(self) -> bool:
        """Whether it is a folder that others than its owner may enter."""
        if self.destination != "parquet" or self.is_url:
            return False
        try:
            return bool(Path(self.location).stat().st_mode & 0o077)
        except OSError:
            return False

    def check(self) -> None:
        """Opens it for writing once, so that trouble shows before anything is asked of Spotify.

        Raises:
            DestinationError: it cannot be made or written.
            TryLaterError: another process has it open.
        """
        if self.is_url or self.destination not in DEFAULT_PATHS:
            self._check_service()
            return
        path = Path(self.location)
        try:
            if self.destination == "duckdb":
                path.parent.mkdir(parents=True, exist_ok=True)
                with duckdb.connect(str(path)) as connection:
                    self._check_spelling(connection)
            else:
                path.mkdir(parents=True, exist_ok=True)
                probe = path / ".playlake-write-test"
                probe.touch()
                probe.unlink()
        except (OSError, duckdb.Error) as error:
            raise cannot_open(path, error) from None

    def _check_service(self) -> None:
        """Asks a database or a bucket for real. Whether a bucket takes more than that only a load can tell."""
        if self.destination not in DEFAULT_PATHS:
            sql_database.check(self.pipeline(), self.destination)
            return
        with self._reached() as client:
            client.is_storage_initialized()

    @contextmanager
    def _reached(self) -> Iterator["FilesystemClient"]:
        """The client of a folder or bucket.

        Raises:
            ConfigurationError: settings or packages are missing.
            DestinationError: the bucket cannot be reached, or refuses.
        """
        try:
            with self.pipeline().destination_client() as client:
                yield cast("FilesystemClient", client)
        except (PlaylakeError, duckdb.Error):
            raise
        except Exception as error:
            if not self.is_url:
                raise
            msg = f"{self.location} cannot be reached: {sql_database.first_line(error)}"
            raise sql_database.said(error, "filesystem") or DestinationError(msg) from None

    def _check_spelling(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Databases take a name for the same in capitals and small letters, and dlt does not."""
        rows = connection.execute("SELECT schema_name FROM information_schema.schemata").fetchall()
        for (name,) in rows:
            if name.casefold() == self.dataset.casefold() and name != self.dataset:
                msg = f"{self.location} has the schema {name!r}: write --dataset {name}, not {self.dataset}."
                raise ConfigurationError(msg)

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
        """Removes a file or folder that holds nothing at all, as a failed first sync leaves it behind."""
        path = Path(self.location)
        try:
            if self.destination == "parquet":
                path.rmdir()
                return
            with duckdb.connect(str(path), read_only=True) as connection:
                (count,) = connection.execute(ANYTHING).fetchall()[0]
            # What is not in the file yet is in the one beside it.
            if not count and not path.with_name(f"{path.name}.wal").exists():
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
        with self.damage_told(), self._opened(only) as connection:
            yield connection

    @contextmanager
    def _opened(self, only: Collection[str] | None) -> Iterator[duckdb.DuckDBPyConnection]:
        if self.destination == "parquet":
            with self._open_folder() as opened:
                yield opened
            return
        opened = self._open_file() if self.destination == "duckdb" else self._open_copy(only)
        try:
            yield opened
        finally:
            opened.close()

    @contextmanager
    def damage_told(self) -> Iterator[None]:
        """Where reading fails because of damaged files, they are named, with what to do.

        Raises:
            DestinationError: they cannot be read, or the tables are not as they should be.
        """
        try:
            yield
        except (duckdb.Error, pa.ArrowException, OSError, ConfigurationError) as error:
            raise self.damage(error) or error from None

    def damage(self, error: BaseException) -> PlaylakeError | None:
        """What an error that was met while reading means: which files are damaged; null if none are."""
        cause = error.__cause__ if isinstance(error, ConfigurationError) else error
        if not is_of_reading(cause):
            return None
        if self.destination == "parquet":
            return self.find_damage()
        if self.destination == "duckdb" and isinstance(cause, duckdb.Error) and is_damaged(cause):
            return cannot_open(Path(self.location), cause)
        return None

    def find_damage(self) -> DestinationError | None:
        """What to say of files of a folder or bucket that cannot be read; null if all can. It reads them all."""
        with self.pipeline().destination_client() as client:
            return damage(cast("FilesystemClient", client))

    def _open_copy(self, only: Collection[str] | None) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        with sql_database.opened(self.pipeline(), self.destination) as client:
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

    @contextmanager
    def _open_folder(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with ExitStack() as stack:
            # What goes wrong while somebody reads is not that the bucket cannot be reached.
            with self._reached() as folder:
                stack.enter_context(reading(folder))
                connection = stack.enter_context(duckdb.connect())
                listing = listed(folder)
                if all_records_are_lost(listing):
                    check_records(folder, listing)
                if lost := lost_records(folder, listing):
                    log.warning(
                        "The records of %d loads are lost, and their rows left out: playlake compact --restore-records "
                        "writes them again",
                        len(lost),
                    )
                if not show_lake(connection, folder, listing):
                    msg = f"There are no tables in {self.location}: run playlake sync first, or name it with --path."
                    raise DestinationError(msg)
            yield connection


def _remove_traces(lock: Path, folders: list[Path]) -> None:
    """What a sync that made no database would leave in its place."""
    with suppress(OSError):
        lock.unlink()
        for folder in folders:
            folder.rmdir()


def _check_dataset(name: str, destination: str) -> None:
    """Refuses names that lead elsewhere, or where dlt or a database keeps things of its own.

    Raises:
        ConfigurationError: it is such a name.
    """
    folded = name.strip().casefold()
    if not folded or folded.startswith(".") or any(sign in '/\\"%;' or not sign.isprintable() for sign in name):
        msg = f"dataset = {name!r} is no name for a schema or folder: use letters and digits."
        raise ConfigurationError(msg)
    if folded.endswith(STAGING) or folded.startswith("_dlt"):
        msg = (
            f"dataset = {name!r} is a name of dlt's: in ...{STAGING} it merges what goes to the dataset before it, and "
            "empties it. Use another."
        )
        raise ConfigurationError(msg)
    if folded in DATABASES_OWN or folded.startswith("pg_"):
        msg = f"dataset = {name!r} is a schema that databases keep for themselves: use another."
        raise ConfigurationError(msg)
    if destination not in DEFAULT_PATHS and name != (normal := NamingConvention().normalize_table_identifier(name)):
        msg = f"dataset = {name!r} would be called {normal!r} in {destination}: write it so."
        raise ConfigurationError(msg)


def _path(given: str) -> str:
    """A path as it was meant; bucket URLs as they are.

    Raises:
        ConfigurationError: it names no file, folder or bucket.
    """
    scheme, is_url, _ = given.partition("://")
    if is_url and scheme != "file":
        if scheme not in available_protocols():
            msg = f"--path {given}: nothing is reached by {scheme}://; s3, gs and az are buckets."
            raise ConfigurationError(msg)
        return given
    if given.startswith((":", "md:")):
        msg = f"--path {given} is no file or folder: a sync keeps what it read, so name one."
        raise ConfigurationError(msg)
    return str(local_path(given, name="--path"))


def _check_folder(place: Path, dataset: str) -> None:
    """Refuses the folder of a dataset in place of the lake's: another lake would begin among its tables.

    Raises:
        ConfigurationError: it is one.
    """
    try:
        is_dataset = (place / LOADS).is_dir() and not (place / dataset / LOADS).is_dir()
    except OSError:
        # Whatever is wrong with it is said by who opens it.
        return
    if is_dataset:
        msg = f"{place} is the dataset {place.name!r} of a lake: write --path {place.parent} --dataset {place.name}."
        raise ConfigurationError(msg)


def _check_file(location: str, dataset: str) -> None:
    """Refuses paths of which DuckDB understands something else.

    Raises:
        ConfigurationError: it is one.
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


def _recognised(destination: str, path: str | None) -> str:
    """Of the two destinations that are a path, the one that is there; none there yet: the one that was named."""
    if path is None:
        return destination
    if "://" in path:
        return "parquet"
    found = Path(path)
    try:
        if destination == "duckdb" and found.is_dir() and any(found.glob("*/_dlt_loads")):
            return "parquet"
        if destination == "parquet" and found.is_file():
            with found.open("rb") as file:
                return "duckdb" if file.read(12)[8:] == DUCKDB_FILE else destination
    except OSError:
        # Whatever is wrong with it is said by who opens it.
        return destination
    return destination


def file_format(pipeline: dlt.Pipeline) -> Any:
    """In which files rows travel: Parquet where that is read best; for others dlt knows what they take."""
    dialect = pipeline.destination.capabilities().sqlglot_dialect if pipeline.destination else None
    # dlt would take CSV for Postgres, which has no lists.
    return {"duckdb": "parquet", "postgres": "insert_values"}.get(str(dialect))


def cannot_open(path: Path, error: Exception) -> DestinationError | TryLaterError:
    """What it means that DuckDB or the system does not open a file: held by another process, damaged, or refused."""
    said = sql_database.first_line(error)
    words = said.lower()
    if path.is_dir() and isinstance(error, duckdb.Error):
        return DestinationError(f"{path} is a folder: name a file in it, or add --destination parquet.")
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
