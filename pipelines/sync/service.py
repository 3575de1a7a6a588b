"""`sync()`: what the command line, cron and schedulers call. Exit codes are in `sources.exit_codes`."""

import inspect
import logging
from collections.abc import Callable, Generator
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Unpack

import dlt
import msgspec
from dlt.common.configuration.exceptions import ConfigurationException

from pipelines.destinations.configuration_errors import check_configuration_files, configuration_error_of
from pipelines.destinations.lake import Lake
from pipelines.destinations.private_files import owner_only, write_private
from pipelines.destinations.recovery import finish_pending
from pipelines.destinations.sync_lock import sync_lock
from pipelines.destinations.working_folder import set_broken_aside
from pipelines.sync.loading import check_same, load_all
from pipelines.sync.set_aside import set_aside
from pipelines.sync.signals import graceful_shutdown
from sources.errors import DestinationError, Interrupted, PlaylakeError, ReplacedError, WrongClockError
from sources.json_text import json_text
from sources.overwriting import check_overwriting
from sources.spotify import LoadBudget, failed_run, playlists_of, replay_run, start_run
from sources.spotify.config import SourceSettings, check_setting_names
from sources.spotify.engine.recorder import fail, new_record
from sources.spotify.engine.run import Run
from sources.spotify.http.archive import Recording
from sources.spotify.http.transport import utc_now
from sources.spotify.load_rows import LoadRows
from sources.spotify.models.news import Change, News
from sources.spotify.models.run_records import PlaylistRead, ResourceRead, RunRecord
from sources.spotify.source import Playlists
from sources.stored.opening import open_stored
from sources.stored.table_repair import put_back_aside

log = logging.getLogger("playlake")


@dataclass(frozen=True, slots=True)
class Report:
    """What a sync did.

    Attributes:
        run: the row of `runs`.
        reads: the rows of `playlist_reads`.
        lake: where it went.
        names: names of the playlists that were read, by id.
        news: what left the library or was emptied.
        resource_reads: how reading other resources than playlists ended.
        notes: what else a person should know.
        changes: what differs on playlists that were read.
        late_signal: the exit code for a signal that came when all was read, and so changed nothing in the sync; 0 if
            none did.
    """

    run: RunRecord
    reads: list[PlaylistRead]
    lake: Lake
    names: dict[str, str]
    news: list[News] = field(default_factory=list)
    resource_reads: list[ResourceRead] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    late_signal: int = 0

    @property
    def exit_code(self) -> int:
        """What a command should end with."""
        return self.run.exit_code

    @property
    def stop_code(self) -> int:
        """The same for a command that would go on with something else: a signal stops that, however late it came."""
        return self.exit_code or self.late_signal

    def json(self) -> bytes:
        """As JSON, for programs."""
        value = {
            "run": self.run,
            "destination": self.lake.destination,
            "path": self.lake.location,
            "dataset": self.lake.dataset,
            "playlist_reads": self.reads,
            "resource_reads": self.resource_reads,
            "news": self.news,
            "unknown_fields": msgspec.json.decode(self.run.unknown_fields or "[]"),
        }
        return json_text(value, indent=2).encode()


def sync(
    playlists: Playlists = None,
    lake: Lake | None = None,
    *,
    report_to: Path | None = None,
    budget: LoadBudget | None = None,
    ends_well: bool = False,
    replayed: Recording | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    now: Callable[[], datetime] | None = None,
    **settings: Unpack[SourceSettings],
) -> Report:
    """Brings a lake up to date.

    Settings that are not given come from dlt's configuration, section `sources.spotify`; all but `full`, which a sync
    is only if it is told so.

    Args:
        playlists: ids, URIs or links; none for those of the configuration, or else all of the user's.
        lake: the destination; DuckDB in `playlake.duckdb` by default.
        report_to: where to write the report as JSON, whatever comes of the run.
        budget: how much one load may hold.
        ends_well: whether Ctrl-C and SIGTERM end the run after what it has read is loaded; only in a main thread.
        replayed: answers of an earlier run to read in place of the API, with its settings.
        progress: called with the number of playlists done, and of all.
        now: the clock that dates what is seen, to replay a time that is over; this machine's by default.
        **settings: arguments of `sources.spotify.spotify_playlists`.

    Returns:
        The report. Its `exit_code` is 0, 4 or 75; what stops a run before anything was read is raised.

    Raises:
        PlaylakeError: nothing was read, with the exit code that its class names.
    """
    if report_to is not None:
        check_overwriting(report_to, "--report")
    course = _SyncState(lake or Lake(), new_record((now or utc_now)()))
    try:
        check_setting_names("sync", settings, inspect.signature(sync).parameters.keys() - {"settings"})
        check_configuration_files()
        make = partial(replay_run, replayed) if replayed else partial(_configured_run, playlists, settings, now)
        report = _sync(course, make, progress, budget or LoadBudget(), ends_well=ends_well, is_replay=bool(replayed))
    except Exception as error:
        if report_to is not None:
            _write_failed(report_to, course, error)
        raise
    if report_to is not None:
        _write(report_to, report)
    return report


@dataclass(slots=True)
class _SyncState:
    """The state of a running sync.

    Attributes:
        lake: where it goes.
        record: the row of `runs`, as far as it is known.
        run: the run, once there is one.
        notes: what was done besides reading.
    """

    lake: Lake
    record: RunRecord
    run: Run | None = None
    notes: list[str] = field(default_factory=list)

    def begin(self, run: Run, progress: Callable[[int, int], None]) -> Run:
        """Continues with a run."""
        self.run, self.record, run.progress = run, run.record, progress
        return run

    def fail(self, error: PlaylakeError) -> None:
        """Records the error that ended it."""
        if self.run is not None:
            self.record.requests = self.run.client.requests
        fail(self.record, error, self.run.now() if self.run is not None else utc_now())

    def report(self) -> Report:
        """What it has done."""
        if self.run is None:
            return Report(self.record, [], self.lake, {}, notes=self.notes)
        recorder = self.run.recorder
        return Report(
            self.record,
            recorder.reads,
            self.lake,
            recorder.names,
            recorder.news,
            recorder.resource_reads,
            self.notes,
            recorder.changes,
            recorder.error.exit_code if isinstance(recorder.error, Interrupted) else 0,
        )


def _sync(
    course: _SyncState,
    make: Callable[[], Run],
    progress: Callable[[int, int], None],
    budget: LoadBudget,
    *,
    ends_well: bool,
    is_replay: bool,
) -> Report:
    """A sync under the exclusive lock, whose failures leave a row in `runs`."""
    lake = course.lake
    with owner_only(lake), sync_lock(lake), set_aside():
        course.notes += [note] if (note := set_broken_aside(lake)) else []
        pipeline = lake.pipeline()
        is_new = not lake.exists()
        try:
            run = course.begin(make(), progress)
            lake.check()
            with lake.settings(), graceful_shutdown(run, pipeline) if ends_well else nullcontext():
                _load(run, lake, pipeline, budget)
        except PlaylakeError as error:
            course.fail(error)
            if is_new and not isinstance(error, ReplacedError):
                lake.discard_if_empty()
            # A recording that a lake refuses is no sync of today's.
            if lake.exists() and not (is_replay and isinstance(error, DestinationError)):
                with lake.settings():
                    _record_failure(lake, pipeline, course.record, error)
            raise
        finally:
            if course.run is not None:
                course.run.close()
    return course.report()


def _configured_run(playlists: Playlists, settings: SourceSettings, now: Callable[[], datetime] | None) -> Run:
    # A file that said so would make every sync a full one.
    given: SourceSettings = {"full": False, **settings}
    try:
        run = start_run(playlists, **given) if playlists else start_run(**given)
    except ConfigurationException as error:
        raise configuration_error_of(error) from None
    if now is not None:
        run.use_clock(now)
    return run


def _load(run: Run, lake: Lake, pipeline: dlt.Pipeline, budget: LoadBudget) -> None:
    """Reads and loads until nothing is left to read."""

    def at_end() -> None:
        if run.settings.full and not run.references and run.record.exit_code == 0:
            put_back_aside(pipeline)

    with closing(_loads(run, lake, pipeline, budget)) as loads:
        load_all(lake, pipeline, loads, at_end)


def _loads(run: Run, lake: Lake, pipeline: dlt.Pipeline, budget: LoadBudget) -> Generator[Any]:
    """What dlt has to extract for each load; null for a load that is stored already."""
    with_empty, identity = lake.backend.needs_empty_tables, lake.identity()
    if not run.settings.full:
        with closing(LoadRows(run, pipeline, budget)) as load:
            is_stored = False
            if load.has_only_records():
                check_same(lake, identity)
                is_stored = lake.backend.store(pipeline, load)
            yield None if is_stored else playlists_of(run, begun=load, with_empty=with_empty)
    while not run.finished:
        yield playlists_of(run, budget, with_empty=with_empty)


def _record_failure(lake: Lake, pipeline: dlt.Pipeline, record: RunRecord, error: PlaylakeError) -> None:
    """A row in `runs` for a sync that could not do its work, where a lake exists that can hold it."""
    if isinstance(error, ReplacedError | WrongClockError):
        return
    try:
        pipeline.activate()
        if not isinstance(error, DestinationError):
            finish_pending(pipeline)
        if pipeline.has_pending_data:
            # Among what was read and not loaded is the run's own row.
            return
        with open_stored(pipeline) as stored:
            exists = bool(stored.tables)
        if exists:
            pipeline.run(failed_run(record), schema=dlt.Schema("spotify"), loader_file_format=lake.backend.load_format)
    except Exception as failure:  # the error that is being recorded is the one to show
        log.warning("The failed run could not be recorded: %s", failure)


def _write(path: Path, report: Report) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, report.json() + b"\n")
    except OSError as error:
        msg = f"The report cannot be written to {path} ({error.strerror}): name another file with --report."
        raise DestinationError(msg) from None


def _write_failed(path: Path, course: _SyncState, error: Exception) -> None:
    """Writes the report of a failed sync, so that an earlier report is not taken for it."""
    unexpected = PlaylakeError(f"unexpected {type(error).__name__}: {error}")
    course.fail(error if isinstance(error, PlaylakeError) else unexpected)
    try:
        _write(path, course.report())
    except DestinationError as failure:  # the error that is being reported is the one to show
        log.warning("%s", failure)
