"""Shared by the commands that write: a lock, and a row in `writes` for each, also after an error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from dlt.common.configuration.exceptions import ConfigurationException
from dlt.common.pipeline import get_dlt_pipelines_dir

from pipelines.destinations.configuration_errors import check_configuration_files, configuration_error_of
from pipelines.destinations.file_lock import file_lock
from pipelines.destinations.lake import Lake
from pipelines.destinations.private_files import owner_only
from pipelines.destinations.sync_lock import sync_lock
from pipelines.sync.loading import load_all
from sources.errors import PlaylakeError
from sources.spotify import writing_client, written
from sources.spotify.api.client import Client
from sources.spotify.config import SourceSettings
from sources.spotify.http.transport import utc_now
from sources.spotify.models.run_records import WriteRecord

PARTIAL = 4
"""The exit code if not everything could be written."""


@dataclass(slots=True)
class Written:
    """What a command did, or would do.

    Attributes:
        record: the row of `writes`.
        lines: the changes, one line each, for people.
        left: the changes that cannot be made, one sentence each.
        changes: number of write requests.
        is_dry: whether it was a dry run.
        declined: whether the user declined the confirmation.
    """

    record: WriteRecord
    lines: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    changes: int = 0
    is_dry: bool = False
    declined: bool = False

    @property
    def exit_code(self) -> int:
        """The exit code of the command."""
        return PARTIAL if self.left and not self.declined else 0


@dataclass(frozen=True, slots=True)
class Manner:
    """The options and the environment of a command that writes.

    Attributes:
        lake: the tables.
        settings: the settings of a sync.
        dry_run: whether to report the changes without writing.
        confirm: called before anything is written, with the planned changes; false cancels.
        progress: called with the number of finished requests, and of all.
    """

    lake: Lake
    settings: SourceSettings
    dry_run: bool = False
    confirm: Callable[[Written], bool] = lambda _: True
    progress: Callable[[int, int], None] = lambda _done, _total: None

    def client(self) -> Client:
        """A client for the account that a sync would use.

        Raises:
            PlaylakeError: settings or credentials are wrong.
        """
        check_configuration_files()
        try:
            return writing_client(**self.settings)
        except ConfigurationException as error:
            raise configuration_error_of(error) from None

    def folder(self) -> Path:
        """The folder on this machine where commands record writes that are not finished."""
        return Path(get_dlt_pipelines_dir()) / f"{self.lake.pipeline_name}.writes"

    @contextmanager
    def only_one(self) -> Iterator[None]:
        """Holds the exclusive lock for commands that write from this lake, on this machine.

        Raises:
            TryLaterError: one is running.
        """
        folder = self.folder()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        busy = f"Another restore or push from {self.lake.location} is running: try again when it is done."
        with file_lock(folder / "writing.lock", busy):
            yield


@contextmanager
def recorded(manner: Manner, client: Client, operation: str) -> Iterator[Written]:
    """A command from its first request on; what becomes of it is a row in `writes`, unless nothing was to be written.

    Raises:
        PlaylakeError: what the command raises.
    """
    done = Written(WriteRecord(uuid4().hex, utc_now(), operation), is_dry=manner.dry_run)
    try:
        yield done
    except BaseException as error:
        done.record.outcome = error.outcome if isinstance(error, PlaylakeError) else "interrupted"
        done.record.message = str(error) or None
        _store(manner, client, done, quietly=True)
        raise
    if done.left:
        done.record.outcome, done.record.message = "partial", " ".join(done.left)[:2000]
    _store(manner, client, done)


def _store(manner: Manner, client: Client, done: Written, *, quietly: bool = False) -> None:
    """Adds the row. After an error of the command, a failure to add it does not hide that error."""
    record, lake = done.record, manner.lake
    record.finished_at, record.user_id, record.requests = utc_now(), client.user_id, client.requests
    if done.is_dry or done.declined or not lake.exists():
        return
    try:
        with owner_only(lake), sync_lock(lake), lake.settings():
            load_all(lake, lake.pipeline(), [written(record)])
    except PlaylakeError:
        if not quietly:
            raise
