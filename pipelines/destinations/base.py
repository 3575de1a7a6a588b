"""The interface of destinations. Code that depends on the kind of destination is a method of its class."""

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Protocol

import dlt
import duckdb
import pyarrow as pa

from pipelines.destinations.dlt_errors import explained, first_line
from pipelines.destinations.dlt_settings import settings_of
from pipelines.destinations.file_errors import is_of_reading
from pipelines.destinations.trusted_location import check_location
from sources.errors import ConfigurationError, DestinationError, PlaylakeError


class Answer(NamedTuple):
    """What a database answers.

    Attributes:
        columns: their names.
        rows: in order.
        types: of the columns, in the words of the database.
    """

    columns: list[str]
    rows: list[tuple[Any, ...]]
    types: list[str]


class Place(Protocol):
    """What identifies a destination: a `Lake`, or the `Destination` behind it."""

    @property
    def location(self) -> str:
        """The location, for messages."""

    @property
    def pipeline_name(self) -> str:
        """Of its dlt pipeline."""

    def is_shared(self) -> bool:
        """Whether others than its owner may enter it."""

    def check_compactable(self) -> None:
        """Refuses destinations without files that a compaction may merge."""

    def pipeline(self) -> dlt.Pipeline:
        """The dlt pipeline that loads into it."""

    def settings(self) -> AbstractContextManager[None]:
        """Inside the block, dlt uses our settings."""


class Destination(ABC):
    """Where the tables are, or will be.

    Args:
        name: of the destination, as `--destination` has it.
        path: the file, folder or bucket URL; null for the usual one, or where dlt's configuration says where it is.
        dataset: the schema in the database, or the folder below the path.

    Attributes:
        default_path: the usual path; null if such a destination takes no path.

    Raises:
        ConfigurationError: the path or the dataset's name cannot be used there.
    """

    default_path: ClassVar[str | None] = None

    def __init__(self, name: str, path: str | None, dataset: str) -> None:
        self.name, self.path, self.dataset = name, path, dataset

    @classmethod
    def is_at(cls, path: str) -> bool:  # noqa: ARG003 (most cannot be seen from a path)
        """Whether a path leads to one that is there already.

        Raises:
            OSError: that cannot be seen.
        """
        return False

    @property
    def location(self) -> str:
        """The path, or the usual one; of those without a path the name."""
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

    def pipeline(self) -> dlt.Pipeline:
        """The dlt pipeline that loads into it; what it does is to be done within `settings`.

        Raises:
            ConfigurationError: dlt knows no such destination, or settings of the folder would lead secrets elsewhere.
        """
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
        """Whether credentials are sent to where it is."""
        return self.is_url

    def settings(self) -> AbstractContextManager[None]:
        """Inside the block, dlt uses our settings in this thread."""
        return settings_of(self.pipeline_name, self.sees)

    @abstractmethod
    def dlt_destination(self) -> Any:
        """The dlt destination."""

    @abstractmethod
    def sees(self, setting: tuple[str, ...]) -> bool:
        """Whether a pipeline of ours sees one of the user's settings of destinations."""

    def check_name(self) -> None:  # noqa: B027 (most have nothing to do)
        """Refuses a name that dlt does not know.

        Raises:
            ConfigurationError: it is one, or it comes with a path that has no meaning there.
        """

    def exists(self) -> bool:
        """Whether there may be something already: for files and folders here, whether the path is there."""
        return True

    def exclusive_lock(self) -> AbstractContextManager[None]:
        """Hold the destination's exclusive lock while a sync writes; fail fast if the destination cannot be reached.

        Raises:
            ConfigurationError: settings or packages are missing.
            DestinationError: it cannot be reached.
            TryLaterError: another sync is under way.
        """
        return nullcontext()

    @abstractmethod
    def check(self) -> None:
        """Opens it for writing once, so that errors show before any request to Spotify.

        Raises:
            DestinationError: it cannot be made or written.
            TryLaterError: another process has it open.
        """

    def is_shared(self) -> bool:
        """Whether it is a folder that others than its owner may enter."""
        return False

    def identity(self) -> tuple[int, int] | None:
        """The identity (device and inode) of the file or folder; null if it does not exist, or is not on a disk."""
        return None

    def discard_if_empty(self) -> None:  # noqa: B027 (most have nothing to do)
        """Removes a file or folder that holds nothing at all, as a failed first sync leaves it behind."""

    def loaded(self, pipeline: dlt.Pipeline) -> None:  # noqa: B027 (most have nothing to do)
        """Hook: called after a load has completed."""

    def maintain(self, pipeline: dlt.Pipeline, now: datetime) -> None:  # noqa: B027 (most have nothing to do)
        """Hook: maintenance at the end of a sync, such as compaction."""

    def check_compactable(self) -> None:
        """Refuses what is not files that a compaction may merge.

        Raises:
            ConfigurationError: it keeps itself in order.
        """
        msg = f"Only Parquet lakes are compacted; {self.name} keeps itself in order."
        raise ConfigurationError(msg)

    def restore_records(self) -> int:
        """Writes lost records of complete loads again, where there are notes of them.

        Returns:
            How many.

        Raises:
            PlaylakeError: as of `check`, or there is nothing.
        """
        msg = f"There are no notes of loads in {self.name}: its records cannot be written again."
        raise ConfigurationError(msg)

    @contextmanager
    def open(self, only: Collection[str] | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that finds the tables and views by their bare names, for reading.

        Args:
            only: the tables that are wanted; other databases than DuckDB are copied, and then no more than these.

        Raises:
            ConfigurationError: there is nothing yet.
            TryLaterError: another process has the file open for writing.
        """
        with self.report_damage(), self.opened(only) as connection:
            yield connection

    @abstractmethod
    def opened(self, only: Collection[str] | None) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """Like `open`, without its error handling."""

    def session(self) -> AbstractContextManager[Callable[[str], Answer | None]] | None:
        """What answers statements in the database's own SQL; null where `open` has a connection for it."""
        return None

    def shell_arguments(self) -> list[str]:
        """What DuckDB's own shell is started with, to find the tables and views by their bare names.

        Raises:
            ConfigurationError: it cannot read this destination by itself.
            DestinationError: there is nothing yet.
        """
        msg = f"DuckDB's shell cannot open {self.name} by itself: use playlake query without --duckdb."
        raise ConfigurationError(msg)

    @contextmanager
    def report_damage(self) -> Iterator[None]:
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
        return self.damage_shown_in(cause) if cause is not None and is_of_reading(cause) else None

    def damage_shown_in(self, cause: BaseException) -> PlaylakeError | None:  # noqa: ARG002 (a service has no files)
        """The same of an error that may come from the contents of a file."""
        return None

    def damage_in_load(self, causes: Sequence[BaseException]) -> PlaylakeError | None:  # noqa: ARG002
        """Which damaged files made a load fail; null if none did."""
        return None

    def is_of_file(self, cause: duckdb.Error) -> bool:  # noqa: ARG002 (most are no file of DuckDB's)
        """Whether an error of a load's is about the file itself."""
        return False

    @property
    def verdict(self) -> str:
        """What to say of one that passed its check."""
        return "can be written"

    def find_damage(self) -> DestinationError | None:
        """What to say of files that cannot be read; null if all can. It reads them all."""
        return None

    def find_own_damage(self) -> DestinationError | None:
        """The same where reading all of it costs nothing but time."""
        return None

    def disk(self) -> Path | None:
        """A folder on the same disk, for measuring free space; null if it is on no disk of this machine."""
        return None
