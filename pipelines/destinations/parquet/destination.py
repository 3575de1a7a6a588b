"""A folder or bucket of Parquet files."""

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import duckdb

from pipelines.destinations.compaction_result import Compaction
from pipelines.destinations.dlt_errors import explained, first_line
from pipelines.destinations.file_errors import cannot_open, is_reading_error
from pipelines.destinations.noted_records import warn
from pipelines.destinations.paths import PathDestination, is_parquet_lake
from pipelines.destinations.reading import Engine
from schemas.lake import VIEWS_FILE, lake_sql
from sources.errors import ConfigurationError, DestinationError, PlaylakeError
from sources.stored.files import lake_files, lake_url, show_lake
from sources.stored.folder import Folder, LocalFolder
from sources.stored.lake_folder import all_records_are_lost, check_records, listed, lost_records
from sources.stored.load_tables import LOADS
from sources.stored.read_lock import reading

if TYPE_CHECKING:
    import dlt

    from pipelines.destinations.clock_shift import Shift
    from sources.stored.dlt_adapter import FilesClient
    from sources.stored.load_id import TableRows

CONNECTING = {"credentials", "kwargs", "client_kwargs", "config_kwargs"}
"""Sections that say how to reach a bucket, and as whom."""


class Parquet(PathDestination):
    """A folder or bucket of Parquet files, which takes more than one sync at a time: each adds files of its own.

    Arguments are those of `Destination`.
    """

    default_path = "lake"
    load_format = "parquet"
    needs_empty_tables = True

    def __init__(self, name: str, path: str | None, dataset: str) -> None:
        super().__init__(name, path, dataset)
        if not self.is_url and os.sep == "/" and "\\" in self.place:
            msg = f"{self.location} contains a backslash, which DuckDB treats as a separator: use another folder."
            raise ConfigurationError(msg)
        if not self.is_url:
            _check_folder(Path(self.place), dataset)

    @classmethod
    def is_at(cls, path: str) -> bool:
        """Whether a path is a bucket's, or that of a folder with loads in it."""
        return is_parquet_lake(path)

    @property
    def status_text(self) -> str:
        """The status of a destination that passed `check`, to follow its name in a sentence."""
        return "answers" if self.is_url else "can be written"

    def dlt_destination(self) -> Any:
        """The dlt destination."""
        from pipelines.destinations.parquet.dlt_filesystem import Filesystem

        return Filesystem(self.place, enable_dataset_name_normalization=False)

    def may_use_setting(self, setting: tuple[str, ...]) -> bool:
        """Allows settings for the address of a bucket and its credentials."""
        return bool(CONNECTING & set(setting))

    def is_shared(self) -> bool:
        """Whether the lake is a folder that other users may enter."""
        if self.is_url:
            return False
        try:
            return bool(Path(self.location).stat().st_mode & 0o077)
        except OSError:
            return False

    def check(self) -> None:
        """Creates a folder and writes to it once, or lists a bucket; whether a bucket can be written only a load shows.

        Raises:
            DestinationError: the folder cannot be created or written.
        """
        if self.is_url:
            with self._reached() as client:
                client.is_storage_initialized()
            return
        path = Path(self.location)
        try:
            path.mkdir(parents=True, exist_ok=True)
            probe = path / ".playlake-write-test"
            probe.touch()
            # Another machine may try at the same time, and remove it first.
            probe.unlink(missing_ok=True)
        except OSError as error:
            raise cannot_open(path, error) from None

    @contextmanager
    def _reached(self) -> "Iterator[FilesClient]":
        """The client of a folder or bucket.

        Raises:
            ConfigurationError: settings or packages are missing.
            DestinationError: the bucket cannot be reached, or refuses.
        """
        try:
            with self.settings(), self.pipeline().destination_client() as client:
                yield cast("FilesClient", client)
        except (PlaylakeError, duckdb.Error):
            raise
        except Exception as error:
            if not self.is_url:
                raise
            msg = f"{self.location} cannot be reached: {first_line(error)}"
            raise explained(error, "filesystem") or DestinationError(msg) from None

    def discard_if_empty(self) -> None:
        """Removes a folder that holds nothing at all, as a failed first sync leaves it behind."""
        try:
            Path(self.location).rmdir()
        except OSError:
            # Somebody else has put something there.
            return

    def restore_records(self) -> int:
        """Writes lost records of complete loads again. Errors are those of `load_records.restore_records`."""
        from pipelines.destinations.parquet.load_records import restore_records

        return restore_records(self)

    def store(self, pipeline: "dlt.Pipeline", rows: "Iterable[TableRows]") -> bool:
        """Writes a file for each table, then the load's record, a note on it, and `views.sql`."""
        from pipelines.destinations.parquet.direct_load import store

        with pipeline.destination_client() as client:
            store(cast("FilesClient", client), rows)
            self.make_views(client)
        self.loaded(pipeline)
        return True

    def loaded(self, pipeline: "dlt.Pipeline") -> None:
        """Notes which loads are complete."""
        from pipelines.destinations.parquet.load_records import note_loads

        note_loads(pipeline)

    @classmethod
    def make_views(cls, client: Any) -> None:
        """Writes `views.sql` beside the data."""
        from pipelines.destinations.parquet.views_file import write_views

        write_views(client)

    @classmethod
    def missing_views(cls, client: Any) -> list[str]:
        """The name of that file, if it is not there."""
        from pipelines.destinations.parquet.views_file import missing_views

        return missing_views(client)

    @classmethod
    def check_records(cls, client: Any) -> None:
        """Compares the records of loads with the notes of them."""
        check_records(client, listed(client))

    def repair_clock(self, client: Any, now: datetime, *, dry_run: bool) -> "Shift | None":
        """Merges all loads into one with corrected times."""
        from pipelines.destinations.parquet.folder_clock import repair_folder

        return repair_folder(client, now, dry_run=dry_run)

    def maintain(self, pipeline: "dlt.Pipeline", now: datetime) -> None:
        """Compacts a folder of many files, and deletes what earlier compactions replaced."""
        from pipelines.destinations.parquet.maintenance import keep_small

        keep_small(pipeline, now)

    def compact(self, orphan_age: timedelta) -> Compaction:
        """Merges the files of complete loads, and deletes those of loads that were interrupted."""
        from pipelines.destinations.parquet.maintenance import compact

        return compact(self, orphan_age=orphan_age)

    @contextmanager
    def _folder(self) -> Iterator[Folder]:
        """The folder for reading, which on this machine takes nothing of dlt. Errors are those of `_reached`."""
        if not self.is_url:
            yield LocalFolder(self.place, self.dataset)
            return
        with self._reached() as client:
            yield client

    @contextmanager
    def opened(self, only: Collection[str] | None) -> Iterator[duckdb.DuckDBPyConnection]:  # noqa: ARG002
        """A connection with the tables and views over the files."""
        with ExitStack() as stack:
            # What goes wrong while somebody reads is not that the bucket cannot be reached.
            with self._folder() as folder:
                stack.enter_context(reading(folder))
                connection = stack.enter_context(duckdb.connect())
                listing = listed(folder)
                if all_records_are_lost(listing):
                    check_records(folder, listing)
                warn(lost_records(folder, listing))
                if not show_lake(connection, folder, listing):
                    raise self._empty()
            yield connection

    def _empty(self) -> DestinationError:
        return DestinationError(
            f"There are no tables in {self.location}: run playlake sync first, or name it with --path."
        )

    def shell_arguments(self) -> list[str]:
        """The views beside the files; those of a bucket need what playlake knows of it.

        Raises:
            ConfigurationError: the lake is in a bucket.
            DestinationError: the lake does not exist yet.
        """
        if self.is_url:
            return super().shell_arguments()
        views = Path(self.place) / self.dataset / VIEWS_FILE
        if not views.is_file():
            msg = f"There is no {views}: run playlake sync first, or name the lake with --path."
            raise DestinationError(msg)
        # DuckDB's shell knows these escapes in words of its own commands.
        word = str(views).replace("\\", "\\\\").replace('"', '\\"')
        return ["-cmd", f'.read "{word}"']

    def view_statements(self, engine: Engine) -> list[str]:
        """For DuckDB those of `views.sql`; for Spark over the tables that have files now.

        Raises:
            DestinationError: there is nothing yet, records of loads are lost, or the bucket cannot be reached.
        """
        with self._reached() as folder:
            listing = listed(folder)
            check_records(folder, listing)
            files = lake_files(folder, listing)
            if not files:
                raise self._empty()
            from schemas.spark_statements import spark_sql

            return spark_sql(lake_url(folder), files) if engine == "spark" else lake_sql(lake_url(folder), files)

    def damage_shown_in(self, cause: BaseException) -> PlaylakeError | None:  # noqa: ARG002
        """Which files are damaged; null if none are."""
        return self.find_damage()

    def damage_in_load(self, causes: Sequence[BaseException]) -> PlaylakeError | None:
        """Which damaged files made a load fail; null if none did."""
        read = next(filter(is_reading_error, causes), None)
        return self.damage(read) if read is not None else None

    def find_damage(self) -> DestinationError | None:
        """What to say of files of a folder or bucket that cannot be read; null if all can. It reads them all."""
        from pipelines.destinations.parquet.damaged_files import damage

        with self.settings(), self.pipeline().destination_client() as client:
            return damage(cast("FilesClient", client))

    def find_own_damage(self) -> DestinationError | None:
        """The same, but only for a folder: a bucket would have to send all its files."""
        return None if self.is_url else self.find_damage()


def _check_folder(place: Path, dataset: str) -> None:
    """Refuses the folder of a dataset in place of the lake's: another lake would begin among its tables.

    Raises:
        ConfigurationError: the folder is that of a dataset.
    """
    try:
        is_dataset = (place / LOADS).is_dir() and not (place / dataset / LOADS).is_dir()
    except OSError:
        # Whatever is wrong with it is said by who opens it.
        return
    if is_dataset:
        msg = f"{place} is the dataset {place.name!r} of a lake: write --path {place.parent} --dataset {place.name}."
        raise ConfigurationError(msg)
