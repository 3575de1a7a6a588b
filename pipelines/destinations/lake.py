"""Where the tables are: a DuckDB file, a folder of Parquet files, or another destination of dlt's."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.destinations.base import Destination
from pipelines.destinations.compaction_result import ORPHAN_AGE, Compaction
from pipelines.destinations.paths import path_of
from pipelines.destinations.reading import Engine
from pipelines.destinations.registry import any_database, class_of, recognised
from sources.errors import ConfigurationError

if TYPE_CHECKING:
    import dlt

STAGING = "_staging"
"""The suffix of the schema in which dlt merges, and which it empties."""
DATABASES_OWN = {"information_schema", "pg_catalog", "system", "temp"}
"""Built-in schemas of databases."""


@dataclass(frozen=True, slots=True)
class Lake:
    """A destination.

    Attributes:
        destination: `duckdb`, `parquet`, or the name of any other destination of dlt's.
        path: the file, or the folder or bucket URL; none for other destinations, which dlt's
            configuration describes.
        dataset: the schema in the database, or the folder below the path.
        backend: what does the work; its class is that of the destination.

    What a path is, is seen: a folder with a lake in it is Parquet, and a DuckDB file DuckDB, whatever was asked for.

    Raises:
        ConfigurationError: the path names nothing, or the dataset's name means something else to dlt or a database.
    """

    destination: str = "duckdb"
    path: str | None = None
    dataset: str = "spotify"
    backend: Destination = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_dataset(self.dataset)
        # A dataclass that is frozen is still being made here.
        if self.path is not None and class_of(self.destination).default_path is not None:
            path = path_of(self.path)
            object.__setattr__(self, "path", path)
            object.__setattr__(self, "destination", recognised(self.destination, path))
        backend = class_of(self.destination)(self.destination, self.path, self.dataset)
        object.__setattr__(self, "backend", backend)

    @property
    def location(self) -> str:
        """The path, or the usual one; of other destinations the name."""
        return self.backend.location

    @property
    def pipeline_name(self) -> str:
        """The name of the dlt pipeline that loads into it, and of its working folder; unique per destination."""
        return self.backend.pipeline_name

    def pipeline(self) -> "dlt.Pipeline":
        """The dlt pipeline that loads into it; what it does is to be done within `settings`.

        Raises:
            ConfigurationError: dlt knows no such destination.
        """
        return self.backend.pipeline()

    def settings(self) -> AbstractContextManager[None]:
        """Inside the block, dlt uses our settings in this thread."""
        return self.backend.settings()

    def exists(self) -> bool:
        """Whether there may be something already: for files and folders here, whether the path is there."""
        return self.backend.exists()

    def exclusive_lock(self) -> AbstractContextManager[None]:
        """Hold the destination's exclusive lock. Errors are those of `Destination.exclusive_lock`."""
        return self.backend.exclusive_lock()

    def is_shared(self) -> bool:
        """Whether it is a folder that others than its owner may enter."""
        return self.backend.is_shared()

    def check(self) -> None:
        """Opens it for writing once. Errors are those of `Destination.check`."""
        self.backend.check()

    def compact(self, orphan_age: timedelta = ORPHAN_AGE) -> Compaction:
        """Merges small files. Arguments and errors are those of `Destination.compact`."""
        return self.backend.compact(orphan_age)

    def restore_records(self) -> int:
        """Writes lost records of complete loads again; returns how many.

        Raises:
            PlaylakeError: the records cannot be written.
        """
        return self.backend.restore_records()

    def identity(self) -> tuple[int, int] | None:
        """The identity (device and inode) of the file or folder; null if it does not exist, or is not on a disk."""
        return self.backend.identity()

    def discard_if_empty(self) -> None:
        """Removes a file or folder that holds nothing at all, as a failed first sync leaves it behind."""
        self.backend.discard_if_empty()

    def open(self, only: Collection[str] | None = None) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """A connection that finds the tables and views by their bare names, for reading.

        Arguments and errors are those of `Destination.open`.
        """
        return self.backend.open(only)

    def shell_arguments(self) -> list[str]:
        """What DuckDB's own shell is started with to read it. Errors are those of `Destination.shell_arguments`."""
        return self.backend.shell_arguments()

    def view_statements(self, engine: Engine) -> list[str]:
        """The statements with which an engine shows its files. Errors are those of `Destination.view_statements`."""
        return self.backend.view_statements(engine)

    def report_damage(self) -> AbstractContextManager[None]:
        """Converts read errors that damaged files cause into an error that names the files and the fix."""
        return self.backend.report_damage()


def _check_dataset(name: str) -> None:
    """Refuses names that point to another folder, or that dlt or a database reserves.

    Raises:
        ConfigurationError: dlt or a database uses the name, or it leads to another folder.
    """
    folded = name.strip().casefold()
    if not folded or folded.startswith(".") or any(sign in '/\\"%;' or not sign.isprintable() for sign in name):
        msg = f"dataset = {name!r} is not a valid name for a schema or folder: use letters and digits."
        raise ConfigurationError(msg)
    if folded.endswith(STAGING) or folded.startswith("_dlt"):
        msg = (
            f"dataset = {name!r} is a name of dlt's: it uses schemas whose names end in {STAGING} for merging, and "
            "empties them. Use another."
        )
        raise ConfigurationError(msg)
    if folded in DATABASES_OWN or folded.startswith("pg_"):
        msg = f"dataset = {name!r} is a reserved schema name in databases: use another."
        raise ConfigurationError(msg)


def class_behind(client: Any) -> type[Destination]:
    """The class for what a client of dlt's is connected to, whoever made its pipeline."""
    from sources.stored.dlt_adapter import folder_of

    return class_of("parquet") if folder_of(client) is not None else any_database()
