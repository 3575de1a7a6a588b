"""The interface of destinations. Code that depends on the kind of destination is a method of its class.

Who only reads a file or folder does without dlt and Arrow, so they are imported where they are needed.
"""

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

import duckdb

from pipelines.destinations.dlt_errors import explained, first_line
from pipelines.destinations.file_errors import arrow_error, is_reading_error
from sources.errors import ConfigurationError, DestinationError, PlaylakeError

if TYPE_CHECKING:
    import dlt


class Answer(NamedTuple):
    """The answer of a database to a statement.

    Attributes:
        columns: the names of the columns.
        rows: the rows, in order.
        types: the types of the columns, as the database names them.
    """

    columns: list[str]
    rows: list[tuple[Any, ...]]
    types: list[str]


class LakeLocation(Protocol):
    """The location of a lake's tables: a `Lake`, or the `Destination` behind it."""

    @property
    def location(self) -> str:
        """The path, URL or name, for messages."""

    @property
    def pipeline_name(self) -> str:
        """The name of the dlt pipeline that loads into the destination."""

    def is_shared(self) -> bool:
        """Whether other users may enter the folder."""

    def check_compactable(self) -> None:
        """Refuses destinations other than Parquet lakes."""

    def pipeline(self) -> "dlt.Pipeline":
        """The dlt pipeline that loads into it."""

    def settings(self) -> AbstractContextManager[None]:
        """Inside the block, dlt uses our settings."""


class Destination(ABC):
    """Where the tables are, or will be.

    Args:
        name: the name of the destination, as in `--destination`.
        path: the file, folder or bucket URL; null for the default, or if dlt's configuration has the location.
        dataset: the schema in the database, or the folder below the path.

    Attributes:
        default_path: the default path; null if such a destination takes no path.

    Raises:
        ConfigurationError: the path or the dataset's name cannot be used there.
    """

    default_path: ClassVar[str | None] = None

    def __init__(self, name: str, path: str | None, dataset: str) -> None:
        self.name, self.path, self.dataset = name, path, dataset

    @classmethod
    def is_at(cls, path: str) -> bool:  # noqa: ARG003 (most cannot be seen from a path)
        """Whether an existing destination of this kind is at a path.

        Raises:
            OSError: the path cannot be read.
        """
        return False

    @property
    def location(self) -> str:
        """The path, or the default path; for destinations without a path, their name."""
        return self.path or self.default_path or self.name

    @property
    def is_url(self) -> bool:
        """Whether the path names a bucket."""
        return "://" in self.location

    @property
    def pipeline_name(self) -> str:
        """The name of the dlt pipeline that loads into it, and of its working folder; unique per destination.

        Words for people, and a hash of destination, place and dataset: `playlake_duckdb_music_spotify_1a2b3c4d`.
        """
        mark = hashlib.sha256(f"{self.name} {self.place} {self.dataset}".encode()).hexdigest()[:8]
        called = Path(self.place).stem if self.default_path is not None else ""
        words = re.findall(r"[a-z0-9]+", f"{self.name} {called} {self.dataset}".lower())
        return f"playlake_{'_'.join(words)[:40].rstrip('_')}_{mark}"

    @property
    def place(self) -> str:
        """The location in one spelling: a link, `..` and the path itself are one lake."""
        return self.location.rstrip("/") if self.is_url else str(Path(self.location).resolve())

    def pipeline(self) -> "dlt.Pipeline":
        """The dlt pipeline that loads into it; use it within `settings`.

        Raises:
            ConfigurationError: dlt knows no such destination, or settings of the current folder would send secrets to
                another host.
        """
        import dlt

        from pipelines.destinations.trusted_location import check_location

        self.check_name()
        try:
            with self.settings():
                made = dlt.pipeline(
                    self.pipeline_name,
                    destination=self.dlt_destination(),
                    dataset_name=self.dataset,
                    dev_mode=False,
                )
        except Exception as error:
            msg = f"destination = {self.name!r} cannot be used: {first_line(error)}"
            raise explained(error, self.name) or ConfigurationError(msg) from None
        if self.has_secrets:
            with self.settings():
                check_location(made, finds_secrets=self.is_url)
        return made

    @property
    def has_secrets(self) -> bool:
        """Whether credentials are sent to the location."""
        return self.is_url

    def settings(self) -> AbstractContextManager[None]:
        """Inside the block, dlt uses our settings in this thread."""
        from pipelines.destinations.dlt_settings import settings_of

        return settings_of(self.pipeline_name, self.may_use_setting)

    @abstractmethod
    def dlt_destination(self) -> Any:
        """The dlt destination."""

    @abstractmethod
    def may_use_setting(self, setting: tuple[str, ...]) -> bool:
        """Whether our pipelines may use one of the user's settings of destinations."""

    def check_name(self) -> None:  # noqa: B027 (most have nothing to do)
        """Refuses a name that dlt does not know.

        Raises:
            ConfigurationError: dlt does not know the name, or the destination takes no path and one is given.
        """

    def exists(self) -> bool:
        """Whether the destination may exist already; of local files and folders, whether the path exists."""
        return True

    def exclusive_lock(self) -> AbstractContextManager[None]:
        """Hold the destination's exclusive lock while a sync writes; fail fast if the destination cannot be reached.

        Raises:
            ConfigurationError: settings or packages are missing.
            DestinationError: the destination cannot be reached.
            TryLaterError: another sync is under way.
        """
        return nullcontext()

    @abstractmethod
    def check(self) -> None:
        """Opens the destination for writing once, so that errors show before any request to Spotify.

        Raises:
            DestinationError: the destination cannot be created or written.
            TryLaterError: another process has the file open.
        """

    def is_shared(self) -> bool:
        """Whether the destination is a folder that other users may enter."""
        return False

    def identity(self) -> tuple[int, int] | None:
        """The identity (device and inode) of the file or folder; null if there is none, or it is not on a disk."""
        return None

    def discard_if_empty(self) -> None:  # noqa: B027 (most have nothing to do)
        """Removes a file or folder that holds nothing at all, as a failed first sync leaves it behind."""

    def loaded(self, pipeline: "dlt.Pipeline") -> None:  # noqa: B027 (most have nothing to do)
        """Hook: called after a load has completed."""

    def maintain(self, pipeline: "dlt.Pipeline", now: datetime) -> None:  # noqa: B027 (most have nothing to do)
        """Hook: maintenance at the end of a sync, such as compaction."""

    def check_compactable(self) -> None:
        """Refuses destinations other than Parquet lakes.

        Raises:
            ConfigurationError: this destination needs no compaction.
        """
        msg = f"Only Parquet lakes are compacted; {self.name} needs no compaction."
        raise ConfigurationError(msg)

    def restore_records(self) -> int:
        """Writes lost records of complete loads again, from the notes of these loads.

        Returns:
            How many records were written.

        Raises:
            PlaylakeError: the destination cannot be written, or has no notes of loads.
        """
        msg = f"There are no notes of loads in {self.name}: its records cannot be written again."
        raise ConfigurationError(msg)

    @contextmanager
    def open(self, only: Collection[str] | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that finds the tables and views by their bare names, for reading.

        Args:
            only: the tables that are wanted; other databases than DuckDB are copied, and then no more than these.

        Raises:
            ConfigurationError: the destination does not exist yet.
            TryLaterError: another process has the file open for writing.
        """
        with self.report_damage(), self.opened(only) as connection:
            yield connection

    @abstractmethod
    def opened(self, only: Collection[str] | None) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """Like `open`, without its error handling."""

    def session(self) -> AbstractContextManager[Callable[[str], Answer | None]] | None:
        """A function that answers statements in the database's own SQL; null where `open` has a connection for it."""
        return None

    def shell_arguments(self) -> list[str]:
        """The arguments for DuckDB's own shell with which it finds the tables and views by their bare names.

        Raises:
            ConfigurationError: the shell cannot read this kind of destination.
            DestinationError: the destination does not exist yet.
        """
        msg = f"DuckDB's shell cannot open {self.name} by itself: use playlake query without --duckdb."
        raise ConfigurationError(msg)

    @contextmanager
    def report_damage(self) -> Iterator[None]:
        """Turns an error of reading damaged files into one that names the files and what to do.

        Raises:
            DestinationError: files cannot be read, or the tables lack columns or have other types.
        """
        try:
            yield
        except (duckdb.Error, arrow_error(), OSError, ConfigurationError) as error:
            raise self.damage(error) or error from None

    def damage(self, error: BaseException) -> PlaylakeError | None:
        """The error that names the damaged files which made reading fail; null if no file is damaged."""
        cause = error.__cause__ if isinstance(error, ConfigurationError) else error
        return self.damage_shown_in(cause) if cause is not None and is_reading_error(cause) else None

    def damage_shown_in(self, cause: BaseException) -> PlaylakeError | None:  # noqa: ARG002 (a service has no files)
        """The same for an error that may come from the contents of a file."""
        return None

    def damage_in_load(self, causes: Sequence[BaseException]) -> PlaylakeError | None:  # noqa: ARG002
        """The error that names the damaged files which made a load fail; null if no file is damaged."""
        return None

    def is_file_error(self, cause: duckdb.Error) -> bool:  # noqa: ARG002 (most are no file of DuckDB's)
        """Whether an error during a load is about the database file itself."""
        return False

    @property
    def status_text(self) -> str:
        """The status of a destination that passed `check`, to follow its name in a sentence."""
        return "can be written"

    def find_damage(self) -> DestinationError | None:
        """Reads all files; the error that names those that cannot be read, or null."""
        return None

    def find_own_damage(self) -> DestinationError | None:
        """The same, but only for destinations on this machine, where reading everything costs no transfer."""
        return None

    def disk(self) -> Path | None:
        """A folder on the same disk, for measuring free space; null if it is on no disk of this machine."""
        return None
