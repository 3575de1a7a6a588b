"""One sync: reading the playlists that changed, and what to write of them."""

import logging
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version
from uuid import uuid4

import msgspec

from sources.errors import (
    ApiError,
    ChangedWhileReading,
    CollisionError,
    DestinationError,
    NotFoundError,
    PlaylakeError,
    TryLaterError,
)
from sources.spotify.api.client import Client
from sources.spotify.api.pagination import ListSeen
from sources.spotify.api.schema_drift import UnstoredField
from sources.spotify.auth.account import nearly_over, not_consented
from sources.spotify.config import Settings
from sources.spotify.engine.batches import Batch, Rows
from sources.spotify.http.prefetch import Ahead
from sources.spotify.http.transport import utc_now
from sources.spotify.models.answers import Entry, Playlist
from sources.spotify.models.lenient import LeftOut, unreadable_dates
from sources.spotify.models.rows import Cover, Description, News, PlaylistRead, RunRecord, SeenPlaylist
from sources.spotify.resources.covers import Covers
from sources.spotify.resources.playlists import plan
from sources.spotify.resources.playlists.descriptions import Descriptions
from sources.spotify.resources.playlists.diff import Facts, facts
from sources.spotify.resources.playlists.doubts import Doubt, doubt_of
from sources.spotify.resources.playlists.known import KnownPlaylist, PlaylistState
from sources.spotify.resources.playlists.listings import Listings
from sources.spotify.resources.playlists.plan import Task
from sources.spotify.resources.playlists.read import Reading, read_playlist

PAGES_PER_BATCH = 50
"""dlt works per Arrow batch: 50 pages at a time were twice as fast as one."""

PICTURES_PER_BATCH = 16_000_000
"""Bytes."""

ENTRIES_AHEAD = 10_000
"""Entries that are read before their turn: 20 MB and more, by how many markets are listed."""

SHOWN = 5
"""Different problems that a message names."""

log = logging.getLogger("playlake")


@dataclass(frozen=True, slots=True)
class LoadBudget:
    """How much one load of a long run may hold, so that a killed run loses minutes and not hours.

    Attributes:
        requests: after so many the load is complete.
        duration: after so long, too.
    """

    requests: int = 1000
    duration: timedelta = timedelta(minutes=2)

    def started(self, run: "Run") -> Callable[[], bool]:
        """A question to be asked while a load goes on: is it full?"""
        requests, ends = run.client.requests + self.requests, run.now() + self.duration
        return lambda: run.client.requests >= requests or run.now() >= ends


def new_record(now: datetime) -> RunRecord:
    """The record of a run that begins."""
    return RunRecord(run_id=uuid4().hex, started_at=now, version=version("playlake"))


def fail(record: RunRecord, error: PlaylakeError, now: datetime) -> None:
    """Notes in a record what ended the run."""
    record.finished_at = now
    record.exit_code, record.outcome, record.message = error.exit_code, error.outcome, str(error)
    if isinstance(error, TryLaterError):
        record.resume_at = error.resume_at


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of reading a playlist: a whole state of it, or why there is none.

    Attributes:
        task: the playlist.
        started_at: when its first request was sent.
        finished_at: when it was read.
        requests: how many it took, repeated ones too.
        reading: what was read.
        error: why nothing was.
    """

    task: Task
    started_at: datetime
    finished_at: datetime
    requests: int
    reading: Reading | None
    error: PlaylakeError | None


def _size(task: Task) -> int:
    """How many entries a playlist may have, as far as the list of playlists tells."""
    contents = task.listed.contents if task.listed is not None else None
    return (contents.total if contents is not None else None) or 100


def _told(left_out: Sequence[LeftOut]) -> str:
    """What was left out, and what was mended."""
    gone = [what for what in left_out if not what.is_mended]
    mended = [what for what in left_out if what.is_mended]
    said = [f"{_values(gone)} left out, being of an unknown type: {_places(gone)}"] if gone else []
    said += [f"{_values(mended)} mended: {_places(mended)}"] if mended else []
    return f"{'; '.join(said)}. Report this, please."


def _values(found: Sequence[LeftOut]) -> str:
    return "1 value was" if len(found) == 1 else f"{len(found)} values were"


def _places(found: Sequence[LeftOut]) -> str:
    """Each place once."""
    places = Counter(map(str, found))
    shown = "; ".join(f"{place} x{count}" if count > 1 else place for place, count in places.most_common(SHOWN))
    return shown + (f" and {len(places) - SHOWN} other places" if len(places) > SHOWN else "")


def _counted(items: int) -> str:
    return "1 item" if items == 1 else f"{items:,} items"


def _may_lack(scopes: Sequence[str], known: Mapping[str, KnownPlaylist], playlist_id: str) -> bool:
    """Whether a playlist may be missing from a list because the user's consent lacks scopes."""
    playlist = known.get(playlist_id, KnownPlaylist())
    return ("playlist-read-private" in scopes and playlist.public is not True) or (
        "playlist-read-collaborative" in scopes and playlist.collaborative is not False
    )


def _outcome(error: PlaylakeError | None) -> str:
    if isinstance(error, ChangedWhileReading):
        return "changed_while_reading"
    return "rate_limited" if isinstance(error, TryLaterError) else "failed"


@dataclass(slots=True)
class Run:
    """A sync, from the list of playlists to the rows that it adds.

    `batches` may be called again to go on in another load; `record` and `reads` say what happened.

    Attributes:
        client: the API.
        settings: how to read.
        references: ids of the playlists to sync; none for all of the signed-in user's.
        now: the clock.
        progress: called with the number of playlists looked at, and of all.
        reads: the rows of `playlist_reads`.
        error: what ended the run before its end.
        names: of playlists, by id, for reports.
        replayed_until: for a run from kept answers, when the last of them was there.
        covers: what fetches the pictures of covers; null where they are not to be kept.
        news: what a person wants to be told.
    """

    client: Client
    settings: Settings
    references: Sequence[str] = ()
    now: Callable[[], datetime] = utc_now
    progress: Callable[[int, int], None] = lambda _done, _total: None
    reads: list[PlaylistRead] = field(default_factory=list)
    error: PlaylakeError | None = None
    names: dict[str, str] = field(default_factory=dict)
    replayed_until: datetime | None = None
    covers: Covers | None = None
    news: list[News] = field(default_factory=list)
    record: RunRecord = field(init=False)
    _rows: Rows = field(default_factory=Rows)
    _listings: Listings = field(default_factory=Listings)
    _listed: set[str] = field(default_factory=set)
    _descriptions: Descriptions = field(default_factory=Descriptions)
    _tasks: list[Task] | None = None
    _said_end: bool = False
    _ahead: Ahead[Task, Attempt] | None = None
    _attempts: Generator[Attempt, None, None] | None = None

    def __post_init__(self) -> None:
        self.record = new_record(self.now())
        self.record.client_id = self.client.client_id
        self._rows.seen_at = self.record.started_at

    @property
    def finished(self) -> bool:
        """Whether all that was to be read was tried."""
        return self._tasks == []

    def batches(self, stored: PlaylistState, is_full: Callable[[], bool] | None = None) -> Iterator[Batch]:
        """Rows to append or merge, in batches.

        Args:
            stored: what the destination holds now.
            is_full: asked after each playlist; true ends this load, and the next call goes on.

        Raises:
            WrongClockError: this machine's clock is wrong, so this load must not be written.
            PlaylakeError: before anything was read, what stops the whole run. Later, after such an error nothing
                more is asked for, but what is complete is kept: it is then in `error`.
        """
        if self._tasks is None or self._attempts is None:
            self._tasks = self._plan(stored)
            self._ahead = Ahead(self._attempt, self.settings.parallel_reads, _size, ENTRIES_AHEAD)
            self._attempts = self._ahead.results(self._tasks)
        # Loads get their ids from this machine's clock. Where no list was read no answer has told the time yet.
        self.client.check_clock()
        pages, checks = 0, bool(self.references)
        while self._tasks:
            # Under no name here: a long playlist is let go before the next is begun.
            pages += self._take(next(self._attempts, None) or self._abandoned(self._tasks[0]), stored)
            if checks:
                self.client.check_clock()
                checks = False
            del self._tasks[0]
            self.progress(self.record.playlists - len(self._tasks), self.record.playlists)
            if pages >= PAGES_PER_BATCH:
                pages = 0
                yield from self._rows.flush(everything=False)
            if is_full is not None and is_full():
                break
        if self.finished:
            self.close()
            yield from self._keep_covers(stored)
            self._finish()
        for description in self._descriptions.changed(self.record.started_at):
            self._rows.add("playlist_descriptions", description)
        yield from self._rows.flush(everything=True)

    @property
    def is_reading(self) -> bool:
        """Whether the list of playlists is known, and so there is something to keep."""
        return self._ahead is not None

    def stop(self, error: PlaylakeError) -> None:
        """Asks for nothing more; what is complete by then goes on to the destination. Also for signal handlers."""
        self.error = self.error or error
        self.client.stop(error)
        if self._ahead is not None:
            self._ahead.stop()
        if self.covers is not None:
            self.covers.stop()

    def _keep_covers(self, stored: PlaylistState) -> Iterator[Batch]:
        """Fetches the covers that are new, when all playlists are read; without one a playlist is still whole."""
        if self.covers is None or self.error is not None:
            return
        taken = 0
        for table, row in self.covers.rows(stored.cover_checks(), stored.kept_pictures(), self.now):
            self._rows.add(table, row)
            taken += row.size if isinstance(row, Cover) else 0
            if taken >= PICTURES_PER_BATCH:
                taken = 0
                yield from self._rows.flush(everything=False)
        if self.covers.problems and self.error is None:
            self.record.message = " ".join(filter(None, (self.record.message, self.covers.told)))

    def _abandoned(self, task: Task) -> Attempt:
        """What became of a playlist that nobody waits for any more."""
        return Attempt(task, self.now(), self.now(), 0, None, self.error)

    def close(self) -> None:
        """Ends the threads that read ahead; for a run that is not gone on with."""
        if self._attempts is not None:
            self._attempts.close()

    def _plan(self, stored: PlaylistState) -> list[Task]:
        """What to read. Playlists of the user's list are noted as seen, those unchanged for good."""
        known, record = stored.playlists(), self.record
        self._check_states(known)
        self._listings, self._descriptions = stored.listings(), stored.descriptions()
        if self.replayed_until is not None:
            stored.check_order(record.run_id, record.started_at, self.replayed_until)
        self._respect(stored.resume_at(record.client_id))
        if self.references:
            tasks = list(plan.named(self.references, known, self.settings, record.started_at))
            record.playlists = len(tasks)
            return tasks
        seen = ListSeen()
        listed = list(plan.listed(self.client, known, self.settings, record.started_at, seen))
        record.user_id = self.client.user_id
        self._compare(seen, known, stored)
        tasks, hidden = [], 0
        for task in listed:
            if task is None or task.listed is None:
                hidden += 1
                continue
            record.playlists += 1
            record.unchanged += task.unchanged
            self._see(task.listed, task.listed.snapshot_id if task.unchanged else None)
            if not task.unchanged:
                tasks.append(task)
        self._note_list(hidden)
        self.progress(record.playlists - len(tasks), record.playlists)
        return tasks

    def _check_states(self, known: Mapping[str, KnownPlaylist]) -> None:
        """Does not begin a history anew without a word.

        Raises:
            DestinationError: playlists were read, what was read is lost, and not everything is read again.
        """
        lacking = sum(playlist.lacks_states for playlist in known.values())
        if lacking and not self.settings.full:
            msg = (
                f"The destination has lost the states of {lacking} playlists that were read. Run playlake sync --full: "
                "it reads them as they are now; what they were before is lost."
            )
            raise DestinationError(msg)

    def _note_list(self, hidden: int) -> None:
        """Notes what the list of playlists did not show, or not as it should."""
        left_out = self.client.take_left_out()
        unreadable = sum(what.place == "items[]" for what in left_out)
        self.record.failed += unreadable
        notes = []
        if hidden > unreadable:
            notes.append(f"Spotify hides {hidden - unreadable} playlists of the list, without an id to ask for.")
        if left_out:
            notes.append(f"In the list of playlists, {_told(left_out)}")
            log.warning("%s", notes[-1])
        if lack := not_consented(self.client.tokens):
            notes.append(lack)
            log.warning("%s", lack, extra={"event": "consent_lacks_scopes"})
        self.record.message = " ".join(notes) or None

    def _compare(self, seen: ListSeen, known: Mapping[str, KnownPlaylist], stored: PlaylistState) -> None:
        """Notes what came into the user's list and what left it, as far as this list proves it."""
        user_id, listings = self.client.user_id, self._listings
        self._listed = seen.ids
        # Without a name it may be anybody's.
        if user_id is not None:
            # Those that are lacking may be among the hidden ones, if these have become more.
            lacking = listings.lacking(user_id, seen.ids)
            is_sure = seen.is_complete and (not lacking or seen.hidden <= stored.hidden_playlists(user_id))
            self.record.hidden_playlists = seen.hidden if is_sure else None
            may_lack = partial(_may_lack, self.client.lacking_scopes, known) if is_sure else None
            for listing in listings.compare(user_id, seen.ids, may_lack, self.record.started_at):
                self._rows.add("playlist_listings", listing)
        for playlist_id in listings.playlist_ids:
            if playlist_id not in seen.ids:
                self._note_library(playlist_id, known.get(playlist_id, KnownPlaylist()))

    def _note_library(self, playlist_id: str, known: KnownPlaylist, access: str | None = None) -> None:
        """Notes whether a playlist that this sync does not see is in anybody's list, and tells if it no longer is."""
        in_library, left_at = self._listings.in_library(playlist_id), self._listings.left_at(playlist_id)
        if access is None and (in_library, left_at) == (known.in_library, known.left_at):
            return
        self._rows.add(
            "playlists",
            SeenPlaylist(Playlist(id=playlist_id), None, access=access, in_library=in_library, left_at=left_at),
        )
        self._descriptions.see(Description(playlist_id, self.record.started_at, in_library=in_library))
        if in_library is False and known.in_library is not False:
            self._tell_left(playlist_id, known)

    def _tell_left(self, playlist_id: str, known: KnownPlaylist) -> None:
        size = f"it had {_counted(known.items)}" if known.items is not None else "its size is not known"
        message = f"Playlist {playlist_id} left the library; {size}. The lake keeps what was on it."
        self._tell(News(playlist_id, known.name or playlist_id, "left", known.items, message))

    def _tell_emptied(self, playlist_id: str, name: str, items: int) -> None:
        message = f"Playlist {playlist_id} was emptied; it had {_counted(items)}. The lake keeps what was on it."
        self._tell(News(playlist_id, name, "emptied", items, message))

    def _tell(self, news: News) -> None:
        """Keeps what is to be told at the end, and logs it."""
        self.news.append(news)
        self.names.setdefault(news.playlist_id, news.name)
        log.warning(
            "%s: %s",
            news.name,
            news.message,
            extra={"event": f"playlist_{news.event}", "fields": msgspec.to_builtins(news)},
        )

    def _respect(self, resume_at: datetime | None) -> None:
        """Does not ask before the time that Spotify named to an earlier run.

        Raises:
            TryLaterError: it is not yet time.
        """
        if resume_at is not None and resume_at > self.now():
            msg = (
                f"Spotify asked an earlier sync to wait until {resume_at:%Y-%m-%d %H:%M:%S} UTC: nothing was asked. "
                "Sync again after that."
            )
            raise TryLaterError(msg, resume_at)

    def _see(self, playlist: Playlist, snapshot_id: str | None, access: str | None = None) -> None:
        """Notes a playlist as seen now, and the version that was looked at to the end."""
        playlist_id = str(playlist.id)
        is_listed = playlist_id in self._listed
        self.names[playlist_id] = playlist.name or playlist_id
        if self.covers is not None:
            self.covers.see(playlist)
        contents = playlist.contents
        seen = SeenPlaylist(
            playlist,
            self.record.started_at,
            snapshot_id,
            followers_total=playlist.followers.total if playlist.followers else None,
            items_total=contents.total if contents else None,
            access=access,
            read_at=self.now() if access == "readable" else None,
            in_library=is_listed or self._listings.in_library(playlist_id),
            left_at=None if is_listed else self._listings.left_at(playlist_id),
        )
        self._rows.add("playlists", seen)
        self._descriptions.see(
            Description(
                playlist_id,
                self.record.started_at,
                playlist.name,
                playlist.description,
                playlist.owner.id if playlist.owner else None,
                playlist.public,
                playlist.collaborative,
                seen.followers_total,
                seen.items_total,
                seen.in_library,
            )
        )

    def _attempt(self, task: Task) -> Attempt:
        """Tries to read one playlist, in any thread."""
        started, requests = self.now(), self.client.requests_here
        reading = error = None
        try:
            reading = read_playlist(self.client, task.playlist_id, task.known_snapshot_id)
        except PlaylakeError as problem:
            error = problem
            if not isinstance(problem, ApiError):
                # The next playlist would meet the same.
                self.client.stop(problem)
        return Attempt(task, started, self.now(), self.client.requests_here - requests, reading, error)

    def _take(self, attempt: Attempt, stored: PlaylistState) -> int:
        """Collects the rows of an attempt to read a playlist.

        Returns:
            How many pages it had.
        """
        task, error = attempt.task, attempt.error
        read = PlaylistRead(self.record.run_id, task.playlist_id, "read", attempt.started_at, attempt.finished_at)
        read.requests, read.user_id = attempt.requests, self.client.user_id
        if attempt.reading is not None:
            try:
                self._keep(task, attempt.reading, read, stored, attempt.finished_at)
            except PlaylakeError as problem:
                self._fail_read(read, problem)
        elif isinstance(error, NotFoundError):
            self._missing(task, read, error)
        else:
            self._fail_read(read, error)
        # After an error that ends the run all that were not read get the same words.
        self._account(task, read, quietly=self._said_end)
        self._said_end = self.error is not None
        return attempt.reading.pages if attempt.reading is not None else 0

    def _fail_read(self, read: PlaylistRead, error: PlaylakeError | None) -> None:
        """Notes why a playlist could not be read."""
        read.outcome, read.message = _outcome(error), str(error)
        if not isinstance(error, ApiError | CollisionError):
            # Nothing more is asked from here on, but what other threads have read already is kept.
            self.error = self.error or error

    def _keep(self, task: Task, reading: Reading, read: PlaylistRead, stored: PlaylistState, read_at: datetime) -> None:
        """Collects the rows of what was read."""
        playlist = reading.playlist
        playlist.id = task.playlist_id
        read.snapshot_id = playlist.snapshot_id
        if reading.unchanged:
            read.outcome = "unchanged"
            self._see(playlist, playlist.snapshot_id)
        elif reading.entries is None:
            read.outcome = "metadata_only"
            read.message = f"Playlist {task.playlist_id}: the app may see its description but not its contents."
            self._withhold(task, playlist, read)
        else:
            self._keep_contents(task, reading, read, stored, read_at)

    def _keep_contents(
        self, task: Task, reading: Reading, read: PlaylistRead, stored: PlaylistState, read_at: datetime
    ) -> None:
        """Collects the rows of contents, or keeps them back where they contradict what is known.

        Raises:
            PlaylakeError: they had to be read once more, and could not be.
        """
        found, doubt = self._compared(task, reading, stored, read_at)
        if doubt is not None and doubt.mark != task.known.doubted and not reading.lacking:
            reading, read_at = self._read_again(task, read), self.now()
            found, doubt = self._compared(task, reading, stored, read_at)
        playlist, entries = reading.playlist, reading.entries or []
        read.snapshot_id, read.items = playlist.snapshot_id, len(entries)
        left_out = [*self.client.take_left_out(task.playlist_id), *unreadable_dates(entries)]
        notes = [f"Read, but {_told(left_out)}"] if left_out else []
        if doubt is not None and doubt.mark != task.known.doubted:
            read.outcome, read.doubted = "kept_back", doubt.mark
            notes.append(
                f"Playlist {task.playlist_id} shows {doubt.reason}. That is kept back; if the next sync sees the same, "
                "it is believed."
            )
            # What lists its contents is doubtful with them.
            playlist.items = playlist.tracks = msgspec.UNSET
            self._see(playlist, None)
        else:
            if reading.lacking:
                total = len(entries) + reading.lacking
                notes.append(
                    f"Playlist {task.playlist_id} showed {_counted(len(entries))} twice, although its total says "
                    f"{total:,}: stored as shown."
                )
            self._store(task, playlist, entries, found, read)
        read.message = " ".join(notes) or None

    def _compared(
        self, task: Task, reading: Reading, stored: PlaylistState, read_at: datetime
    ) -> tuple[Facts, Doubt | None]:
        """How contents differ from the stored state, and what speaks against them."""
        found = facts(task, reading.playlist.snapshot_id or "", reading.entries or [], stored, read_at)
        return found, doubt_of(task, reading, found)

    def _read_again(self, task: Task, read: PlaylistRead) -> Reading:
        """Another reading of a playlist, counted with the first."""
        requests = self.client.requests_here
        try:
            reading = read_playlist(self.client, task.playlist_id)
        finally:
            read.requests += self.client.requests_here - requests
        if reading.entries is None:
            msg = f"Playlist {task.playlist_id} showed its contents once and not again: the next sync reads it again."
            raise ApiError(msg, 200)
        reading.playlist.id = task.playlist_id
        return reading

    def _store(
        self, task: Task, playlist: Playlist, entries: Sequence[Entry], found: Facts, read: PlaylistRead
    ) -> None:
        """Collects the rows of contents that are believed."""
        read.new_items, read.removed_items = found.new_items, found.removed_items
        for entry in entries:
            self._rows.add_entry(entry)
        for addition in found.additions:
            self._rows.add("playlist_additions", addition)
        for author in found.authors:
            self._rows.add("playlist_addition_authors", author)
        if found.snapshot is not None:
            self._rows.add("playlist_snapshots", found.snapshot)
        if found.before and not entries:
            self._tell_emptied(task.playlist_id, playlist.name or task.playlist_id, len(found.before))
        self._see(playlist, playlist.snapshot_id, "readable")

    def _withheld(self, task: Task) -> str | None:
        """The access to note where this user sees no contents: none if another one does."""
        return None if task.known.is_readable_for_another(self.client.user_id) else "metadata_only"

    def _missing(self, task: Task, read: PlaylistRead, error: NotFoundError) -> None:
        """404: gone if it was asked for by id, withheld if the user's list still holds it."""
        read.message = str(error)
        if task.listed is not None:
            read.outcome = "metadata_only"
            read.message = f"Playlist {task.playlist_id} is in the user's list but hidden from this app."
            self._withhold(task, task.listed, read)
        else:
            read.outcome = "gone"
            if task.known.access is not None and not task.known.is_readable_for_another(self.client.user_id):
                if self._is_gone_for_all(task.known):
                    for listing in self._listings.close(task.playlist_id, self.record.started_at):
                        self._rows.add("playlist_listings", listing)
                self._note_library(task.playlist_id, task.known, access="gone")

    def _is_gone_for_all(self, known: KnownPlaylist) -> bool:
        """Whether 404 says that a playlist is in nobody's list any more, and not only hidden from who asks.

        Private ones are hidden from all but their owner, and Spotify's own from apps that never could read them.
        """
        if known.access == "metadata_only":
            return False
        return known.public is not False or (self.client.is_user and len(self._listings.user_ids) <= 1)

    def _withhold(self, task: Task, playlist: Playlist, read: PlaylistRead) -> None:
        """Notes that the user may not read a playlist. One that was read before is missed, and asked for once more."""
        read.snapshot_id = playlist.snapshot_id
        if task.known.was_read_by(self.client.user_id):
            read.message, read.snapshot_id = f"{read.message} It was read before, so the next sync asks again.", None
        self._see(playlist, playlist.snapshot_id, self._withheld(task))

    def _account(self, task: Task, read: PlaylistRead, *, quietly: bool) -> None:
        """Counts what became of a playlist, and keeps a row of it unless it was unchanged."""
        record = self.record
        if read.outcome == "unchanged":
            record.unchanged += 1
            return
        # That an app may not read all that its user follows is normal; what was asked for by id, or read before, is
        # missed.
        is_missed = task.listed is None or task.known.was_read_by(self.client.user_id)
        read.withheld = read.outcome == "metadata_only" and not is_missed
        name = self.names.get(read.playlist_id, read.playlist_id)
        level = logging.WARNING if read.message and not (read.withheld or quietly) else logging.INFO
        said = read.message or f"{read.items} items, {read.new_items} new, {read.removed_items} removed"
        log.log(
            level,
            "%s: %s",
            name,
            said,
            extra={"event": "playlist_read", "fields": {"name": name, **msgspec.to_builtins(read)}},
        )
        self.reads.append(read)
        self._rows.add("playlist_reads", read)
        record.read += read.outcome == "read"
        record.failed += read.outcome != "read" and not read.withheld
        record.new_items += read.new_items
        record.removed_items += read.removed_items

    def _finish(self) -> None:
        """Closes the record of the run."""
        record = self.record
        if self.error is not None:
            fail(record, self.error, self.now())
        elif record.failed:
            record.exit_code, record.outcome = 4, "partial"
            failed = f"{record.failed} of {record.playlists} playlists could not be read: see the table playlist_reads."
            record.message = " ".join(filter(None, (failed, record.message)))
        ending = nearly_over(self.client.tokens, self.now())
        record.message = " ".join(filter(None, (record.message, ending))) or None
        record.finished_at, record.requests = self.now(), self.client.requests
        self._note_unstored(self.client.unstored.fields)
        level = logging.INFO if record.exit_code == 0 else logging.WARNING
        log.log(level, "%s", record.outcome, extra={"event": "run_finished", "fields": msgspec.to_builtins(record)})
        self._rows.add("runs", record)

    def _note_unstored(self, fields: Sequence[UnstoredField]) -> None:
        """Notes the fields that answers held and no table stores."""
        if not fields:
            return
        self.record.unknown_fields = msgspec.json.encode(fields).decode()
        log.info(
            "%d fields of the answers are not stored, the first: %s",
            len(fields),
            fields[0].place,
            extra={"event": "unknown_fields", "fields": {"unknown_fields": msgspec.to_builtins(fields)}},
        )
