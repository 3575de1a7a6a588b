"""The interface of destinations. Code that depends on the kind of destination is a method of its class.

How the tables are read is in `reading.py`, damaged files are in `damage.py`. Reading needs neither dlt nor Arrow, so
they are imported where they are used.
"""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pipelines.destinations.compaction_result import Compaction
from pipelines.destinations.dlt_errors import explained, first_line
from pipelines.destinations.pipeline_names import pipeline_name
from pipelines.destinations.reading import ReadableDestination
from sources.errors import ConfigurationError, DestinationError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import dlt

    from pipelines.destinations.clock_shift import Shift
    from sources.stored.load_id import TableRows


class Destination(ReadableDestination, ABC):
    """Where the tables are, or will be.

    Args:
        name: the name of the destination, as in `--destination`.
        path: the file, folder or bucket URL; null for the default, or if dlt's configuration has the location.
        dataset: the schema in the database, or the folder below the path.

    Attributes:
        default_path: the default path; null if such a destination takes no path.
        load_format: the file format in which dlt loads; null for the destination's own preference.
        needs_empty_tables: whether a load has to write empty tables, because nothing else makes them.

    Raises:
        ConfigurationError: the path or the dataset's name cannot be used there.
    """

    default_path: ClassVar[str | None] = None
    load_format: ClassVar[Any] = None
    needs_empty_tables: ClassVar[bool] = False

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
        """The name of the dlt pipeline that loads into it, and of its working folder; unique per destination."""
        called = Path(self.place).stem if self.default_path is not None else ""
        return pipeline_name(self.name, self.place, self.dataset, called)

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

        from pipelines.destinations.pipeline_creation import creating
        from pipelines.destinations.trusted_location import check_location

        self.check_name()
        try:
            with self.settings(), creating(self.pipeline_name):
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

    def check_name(self) -> None:
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

    def discard_if_empty(self) -> None:
        """Removes a file or folder that holds nothing at all, as a failed first sync leaves it behind."""

    def store(self, pipeline: "dlt.Pipeline", rows: "Iterable[TableRows]") -> bool:  # noqa: ARG002
        """Stores few rows as a complete load without the steps of a dlt run, and does what follows a load.

        Args:
            pipeline: that of the destination.
            rows: of tables that are there with all columns; no key comes twice in a batch.

        Returns:
            Whether it did. Where it cannot, no row is taken, and dlt has to load them.
        """
        return False

    def loaded(self, pipeline: "dlt.Pipeline") -> None:
        """Hook: called after a load has completed."""

    def release(self, pipeline: "dlt.Pipeline") -> None:
        """Hook: called after a load has failed, so that what it kept open can be opened otherwise."""

    def finish(self, pipeline: "dlt.Pipeline", client: Any) -> None:  # noqa: ARG002 (of files, loads make the tables)
        """Creates what loads leave out: tables without rows, copies of load records, and the views.

        Args:
            pipeline: that of the destination.
            client: dlt's client for it, connected.

        Raises:
            DestinationError: a view cannot be made.
        """
        self.make_views(client)

    @classmethod
    def make_views(cls, client: Any) -> None:
        """Creates the views in the dataset that dlt's client is connected to; idempotent.

        Raises:
            DestinationError: a view cannot be made.
        """

    @classmethod
    def missing_views(cls, client: Any) -> list[str]:  # noqa: ARG003
        """Names of the views that should be there and are not; of files, the name of the file that makes them."""
        return []

    @classmethod
    def check_records(cls, client: Any) -> None:
        """Checks that no record of a complete load is missing.

        Raises:
            DestinationError: some are lost, and their rows do not count.
        """

    def repair_clock(self, client: Any, now: datetime, *, dry_run: bool) -> "Shift | None":  # noqa: ARG002
        """Moves times later than now back to plausible ones; null if nothing is later.

        Args:
            client: dlt's client for it, connected.
            now: the time, which must be right.
            dry_run: only say what would be done.

        Raises:
            DestinationError: this kind of destination cannot be repaired.
            TryLaterError: a compaction is under way.
        """
        msg = f"{self.name} is not a database that answers SQL: it cannot be repaired."
        raise DestinationError(msg)

    def maintain(self, pipeline: "dlt.Pipeline", now: datetime) -> None:
        """Hook: maintenance at the end of a sync, such as compaction."""

    def compact(self, orphan_age: timedelta) -> Compaction:  # noqa: ARG002 (databases have no such files)
        """Merges small files.

        Args:
            orphan_age: files of incomplete loads that are older are deleted.

        Raises:
            ConfigurationError: this kind of destination needs no compaction.
            DestinationError: there are no tables, or records of loads are lost.
            TryLaterError: a sync is writing, or another process compacts.
        """
        msg = f"Only Parquet lakes and DuckLakes are compacted; {self.name} needs no compaction."
        raise ConfigurationError(msg)

    def restore_records(self) -> int:
        """Writes lost records of complete loads again, from the notes of these loads.

        Returns:
            How many records were written.

        Raises:
            PlaylakeError: the destination cannot be written, or has no notes of loads.
        """
        msg = f"There is no copy of the load records in {self.name}: they cannot be restored."
        raise ConfigurationError(msg)

    @property
    def status_text(self) -> str:
        """The status of a destination that passed `check`, to follow its name in a sentence."""
        return "can be written"

    def disk(self) -> Path | None:
        """A folder on the same disk, for measuring free space; null if it is on no disk of this machine."""
        return None
