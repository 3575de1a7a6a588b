"""The engine of a run: reads the resources one after the other, and yields their rows in batches, load by load."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sources.errors import PlaylakeError, TryLaterError
from sources.spotify.api.client import Client
from sources.spotify.config import Settings
from sources.spotify.engine.batches import Rows
from sources.spotify.engine.buffers import Batch
from sources.spotify.engine.recorder import RunRecorder, new_record
from sources.spotify.http.transport import utc_now
from sources.spotify.models.news import News
from sources.spotify.models.run_records import PlaylistRead, RunRecord
from sources.spotify.resources.base import PAGES_PER_BATCH, Checkpoint, Context, Row
from sources.spotify.resources.catalogue.budget import Budget
from sources.spotify.resources.catalogue.resource import CatalogueResource
from sources.spotify.resources.registry import Selection, selected
from sources.spotify.resources.state import RunState, State


@dataclass(slots=True)
class Run:
    """A sync, from the API to the rows that it adds.

    `batches` may be called again to go on in another load; `record`, `reads` and `news` say what happened.

    Attributes:
        client: the API.
        settings: how to read.
        references: ids of the playlists to sync; none for all of the signed-in user's.
        now: the clock.
        progress: called with the number of playlists done, and of all.
        selection: what to read.
        replayed_until: for a run from kept answers, when the last of them was there.
        finished: whether all that was to be read was tried.
        is_taken: whether somebody reads its rows, where several may.
    """

    client: Client
    settings: Settings
    references: Sequence[str] = ()
    now: Callable[[], datetime] = utc_now
    progress: Callable[[int, int], None] = lambda _done, _total: None
    selection: Selection = field(default_factory=selected)
    replayed_until: datetime | None = None
    finished: bool = False
    is_taken: bool = False
    recorder: RunRecorder = field(init=False)
    _rows: Rows = field(default_factory=Rows)
    _context: Context | None = None
    _steps: Iterator[Row | Checkpoint] | None = None
    _is_reading: bool = False
    _clock_checks: int = 1

    def __post_init__(self) -> None:
        self.recorder = RunRecorder(new_record(self.now()), named=self.selection.named)
        self.record.client_id = self.client.client_id
        self._rows.seen_at = self.record.started_at
        # Loads get their ids from this machine's clock. Where no list is read no answer has shown the time yet.
        self._clock_checks += bool(self.references)

    def use_clock(self, now: Callable[[], datetime]) -> None:
        """Takes the time from another clock, as long as nothing was read."""
        self.now = now
        self.recorder = RunRecorder(new_record(now()), named=self.selection.named)
        self._rows.seen_at = self.record.started_at

    def select(self, selection: Selection) -> None:
        """Reads other resources instead, as long as nothing was read."""
        self.selection, self.recorder.named = selection, selection.named

    @property
    def record(self) -> RunRecord:
        """The row of `runs`."""
        return self.recorder.record

    @property
    def reads(self) -> list[PlaylistRead]:
        """The rows of `playlist_reads`."""
        return self.recorder.reads

    @property
    def news(self) -> list[News]:
        """News for people."""
        return self.recorder.news

    @property
    def names(self) -> dict[str, str]:
        """The names of playlists, by id, for reports."""
        return self.recorder.names

    @property
    def error(self) -> PlaylakeError | None:
        """What ended the run before its end."""
        return self.recorder.error

    @property
    def is_reading(self) -> bool:
        """Whether it is known what to read, and so there is something to keep."""
        return self._is_reading

    def batches(self, state: State, is_full: Callable[[], bool] | None = None) -> Iterator[Batch]:
        """Rows to append or merge, in batches.

        Args:
            state: what the destination holds now.
            is_full: asked at each checkpoint; true ends this load, and the next call goes on.

        Raises:
            WrongClockError: this machine's clock is wrong, so this load must not be written.
            PlaylakeError: an error that stops the run before anything was read. After a later such error nothing
                more is requested, complete rows are kept, and the error is in `error`.
        """
        context = self._begun(state)
        pages, has_rows = 0, False
        for step in self._steps or ():
            if isinstance(step, Row):
                self._rows.add(*step)
                has_rows = True
                continue
            self._is_reading = True
            self._check_clock()
            pages += step.pages
            if pages >= PAGES_PER_BATCH:
                pages = 0
                yield from self._rows.flush(everything=False)
            if is_full is not None and ((step.needs_new_load and has_rows) or (step.left and is_full())):
                break
        else:
            self.finished = True
            self._rows.add("runs", self.recorder.finish(self.client, self.now()))
        for rows in context.before_load_ends:
            for row in rows():
                self._rows.add(*row)
        yield from self._rows.flush(everything=True)

    def stop(self, error: PlaylakeError) -> None:
        """Aborts all requests; what is complete by then goes on to the destination. Also for signal handlers."""
        self.recorder.abort(error)
        self.client.cancellation.abort(error)

    def close(self) -> None:
        """Ends the threads that read ahead; for a run that is not gone on with."""
        if self._steps is not None:
            # A generator, as all that read are; the chain of them closes the one that is under way.
            self._steps.close()  # type: ignore[attr-defined]

    def _begun(self, state: State) -> Context:
        """The context, with what the destination holds now."""
        if self._context is None:
            self._check_order(state)
            self._context = Context(
                self.client, self.settings, self.references, self.recorder, self.now, self._told_progress, state
            )
            describing = sum(isinstance(resource, CatalogueResource) for resource in self.selection.resources)
            self._context.catalogue = Budget(self.settings.catalogue_requests, describing)
            self._steps = self._read_all(self._context)
        self._context.state = state
        return self._context

    def _read_all(self, context: Context) -> Iterator[Row | Checkpoint]:
        for number, resource in enumerate(self.selection.resources):
            if number:
                # Where objects can no longer be merged, they are compared with what the load before has stored.
                yield Checkpoint(needs_new_load=self._rows.has_batches)
                self._rows.begin_resource()
            try:
                yield from resource.read(context)
            except PlaylakeError as error:
                if not self._is_reading:
                    raise
                # What earlier resources have read is kept.
                self.stop(error)
            if self.error is not None:
                return

    def _told_progress(self, done: int, total: int) -> None:
        self.progress(done, total)

    def _check_clock(self) -> None:
        if self._clock_checks:
            self._clock_checks -= 1
            self.client.check_clock()

    def _check_order(self, state: RunState) -> None:
        """Refuses a run that is older than a stored one, and one before the time that Spotify named to an earlier run.

        Raises:
            DestinationError: the replayed run, or a later one, is stored already.
            TryLaterError: Spotify asked an earlier run to wait until a later time.
        """
        if self.replayed_until is not None:
            state.check_order(self.record.run_id, self.record.started_at, self.replayed_until)
        resume_at = state.resume_at(self.record.client_id)
        if resume_at is not None and resume_at > self.now():
            msg = (
                f"Spotify asked an earlier sync to wait until {resume_at:%Y-%m-%d %H:%M:%S} UTC: nothing was asked. "
                "Sync again after that."
            )
            raise TryLaterError(msg, resume_at)
