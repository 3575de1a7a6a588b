"""One sync: which playlists to look at, reading those that changed, and what to write of them."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version
from uuid import uuid4

from sources.errors import (
    ApiError,
    ChangedWhileReading,
    ConfigurationError,
    NotFoundError,
    PlaylakeError,
    TryLaterError,
)
from sources.spotify.audit import next_audit
from sources.spotify.client import Client
from sources.spotify.keys import item_keys, moved_keys, parse_time
from sources.spotify.objects import (
    Addition,
    Entry,
    Playlist,
    PlaylistRead,
    RunRecord,
    SeenPlaylist,
    Snapshot,
)
from sources.spotify.paging import my_playlists
from sources.spotify.reading import Reading, read_playlist
from sources.spotify.relinking import as_recorded
from sources.spotify.rows import Batch, Rows
from sources.spotify.settings import Settings
from sources.spotify.stored import KnownPlaylist, Stored

PAGES_PER_BATCH = 50
"""dlt works per Arrow batch: 50 pages at a time were twice as fast as one."""

SPOTIFY = "spotify"
"""Owner of Spotify's own playlists, whose snapshot_id is not trusted."""

log = logging.getLogger("playlake")


@dataclass(slots=True)
class Task:
    """A playlist that is to be read.

    Attributes:
        playlist_id: which.
        known: what the destination knows of it.
        listed: as the user's list describes it; null if it was asked for by id.
        known_snapshot_id: reading may stop at once if this is still its snapshot.
    """

    playlist_id: str
    known: KnownPlaylist
    listed: Playlist | None = None
    known_snapshot_id: str | None = None


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
    """

    client: Client
    settings: Settings
    references: Sequence[str] = ()
    now: Callable[[], datetime] = field(default=lambda: datetime.now().astimezone())
    progress: Callable[[int, int], None] = lambda _done, _total: None
    rows: Rows = field(default_factory=Rows)
    reads: list[PlaylistRead] = field(default_factory=list)
    error: PlaylakeError | None = None
    names: dict[str, str] = field(default_factory=dict)
    record: RunRecord = field(init=False)
    _tasks: list[Task] | None = None

    def __post_init__(self) -> None:
        self.record = RunRecord(run_id=uuid4().hex, started_at=self.now(), version=version("playlake"))

    @property
    def finished(self) -> bool:
        """Whether all that was to be read was tried."""
        return self._tasks == [] or self.error is not None

    def batches(self, stored: Stored, is_full: Callable[[], bool] | None = None) -> Iterator[Batch]:
        """Rows to append or merge, in batches.

        Args:
            stored: what the destination holds now.
            is_full: asked after each playlist; true ends this load, and the next call goes on.

        Raises:
            PlaylakeError: before anything was read, what stops the whole run. Later, such an error ends the
                run but keeps what is complete: it is then in `error`.
        """
        if self._tasks is None:
            self._tasks = self._plan(stored)
        pages = 0
        while self._tasks and self.error is None:
            pages += self._read(self._tasks.pop(0), stored)
            self.progress(self.record.playlists - len(self._tasks), self.record.playlists)
            if pages >= PAGES_PER_BATCH:
                pages = 0
                yield from self.rows.flush(everything=False)
            if is_full is not None and is_full():
                break
        if self.finished:
            self._finish()
        yield from self.rows.flush(everything=True)

    def _plan(self, stored: Stored) -> list[Task]:
        """What to read: every playlist named, or of the user's those that may have changed."""
        known = stored.playlists()
        if self.references:
            ids = list(dict.fromkeys(self.references))
            self.record.playlists = len(ids)
            return [self._named(playlist_id, known.get(playlist_id, KnownPlaylist())) for playlist_id in ids]
        if not self.client.is_user:
            msg = (
                "An app without a user has no list of playlists: name the playlists to sync, or set "
                "sources.spotify.credentials.refresh_token."
            )
            raise ConfigurationError(msg)
        tasks = []
        for listed in my_playlists(self.client):
            if listed is None or not listed.id:
                continue
            self.record.playlists += 1
            task = self._listed(listed, known.get(listed.id, KnownPlaylist()))
            if task is not None:
                tasks.append(task)
        self.progress(self.record.playlists - len(tasks), self.record.playlists)
        return tasks

    def _named(self, playlist_id: str, known: KnownPlaylist) -> Task:
        return Task(playlist_id, known, None, known.snapshot_id if self._is_fresh(playlist_id, known) else None)

    def _listed(self, listed: Playlist, known: KnownPlaylist) -> Task | None:
        """A task, or null for a playlist that is unchanged, which is noted as seen."""
        contents = listed.contents
        self.names[str(listed.id)] = listed.name or str(listed.id)
        seen = SeenPlaylist(listed, self.record.started_at, items_total=contents.total if contents else None)
        if self._is_unchanged(listed, known):
            seen.snapshot_id = listed.snapshot_id
            self.record.unchanged += 1
        self.rows.add("playlists", seen)
        return None if seen.snapshot_id else Task(str(listed.id), known, listed)

    def _is_unchanged(self, listed: Playlist, known: KnownPlaylist) -> bool:
        if not listed.snapshot_id or not self._is_fresh(str(listed.id), known):
            return False
        last = known.seen_snapshot_id if known.access == "metadata_only" else known.snapshot_id
        if last != listed.snapshot_id:
            return False
        return known.access == "metadata_only" or (listed.owner is None or listed.owner.id != SPOTIFY)

    def _is_fresh(self, playlist_id: str, known: KnownPlaylist) -> bool:
        """Whether the snapshot may decide: nothing else was asked for, and no audit is due."""
        if self.settings.full or known.checked_at is None:
            return False
        return self.record.started_at < next_audit(playlist_id, known.checked_at, self.settings.audit_after)

    def _read(self, task: Task, stored: Stored) -> int:
        """Reads one playlist and collects its rows.

        Returns:
            How many pages it had.
        """
        started, requests = self.now(), self.client.requests
        read = PlaylistRead(self.record.run_id, task.playlist_id, "read", started, started)
        pages = 0
        try:
            reading = read_playlist(self.client, task.playlist_id, task.known_snapshot_id)
            pages = reading.pages
            self._keep(task, reading, read, stored)
        except NotFoundError as error:
            self._missing(task, read, error)
        except ChangedWhileReading as error:
            read.outcome, read.message = "changed_while_reading", str(error)
        except TryLaterError as error:
            read.outcome, read.message, self.error = "rate_limited", str(error), error
        except ApiError as error:
            read.outcome, read.message = "failed", str(error)
        except PlaylakeError as error:
            read.outcome, read.message, self.error = "failed", str(error), error
        read.finished_at, read.requests = self.now(), self.client.requests - requests
        self._account(task, read)
        return pages

    def _account(self, task: Task, read: PlaylistRead) -> None:
        if read.outcome == "unchanged":
            self.record.unchanged += 1
            return
        withheld = read.outcome == "metadata_only" and task.listed is not None
        if read.message:
            level = logging.INFO if withheld else logging.WARNING
            log.log(level, "%s: %s", self.names.get(read.playlist_id, read.playlist_id), read.message)
        self.reads.append(read)
        self.rows.add("playlist_reads", read)
        self.record.read += read.outcome == "read"
        self.record.failed += read.outcome != "read" and not withheld
        self.record.new_items += read.new_items
        self.record.removed_items += read.removed_items

    def _missing(self, task: Task, read: PlaylistRead, error: NotFoundError) -> None:
        """404: gone if it was asked for by id, withheld if the user's list still holds it."""
        read.outcome, read.message = ("gone" if task.listed is None else "metadata_only"), str(error)
        if task.listed is not None:
            seen = SeenPlaylist(task.listed, self.record.started_at, task.listed.snapshot_id, access="metadata_only")
            self.rows.add("playlists", seen)
        elif task.known.access is not None:
            gone = SeenPlaylist(Playlist(id=task.playlist_id), self.record.started_at, access="gone")
            self.rows.add("playlists", gone)

    def _keep(self, task: Task, reading: Reading, read: PlaylistRead, stored: Stored) -> None:
        """Collects the rows of what was read."""
        playlist, contents = reading.playlist, reading.playlist.contents
        playlist.id = task.playlist_id
        self.names[task.playlist_id] = playlist.name or task.playlist_id
        seen = SeenPlaylist(
            playlist,
            self.record.started_at,
            playlist.snapshot_id,
            followers_total=playlist.followers.total if playlist.followers else None,
            items_total=contents.total if contents else None,
        )
        if reading.unchanged:
            read.outcome = "unchanged"
        elif reading.entries is None:
            read.outcome = seen.access = "metadata_only"
            if task.listed is None:
                read.message = f"Playlist {task.playlist_id}: the app may see its description but not its contents."
        else:
            seen.access, seen.read_at = "readable", self.now()
            read.items = len(reading.entries)
            self._contents(task, playlist, reading.entries, read, stored)
        self.rows.add("playlists", seen)

    def _contents(
        self, task: Task, playlist: Playlist, entries: list[Entry], read: PlaylistRead, stored: Stored
    ) -> None:
        """Collects a snapshot and the additions that the previous one did not have."""
        known = task.known
        observed_at = self.now()
        before: list[int] = []
        if known.observed_at is not None:
            before = stored.item_keys(task.playlist_id, known.observed_at)
            # A clock that was set back must not reorder history.
            observed_at = max(observed_at, known.observed_at + timedelta(microseconds=1))
        had = set(before)
        identities = as_recorded(entries, had, stored.links)
        keys = item_keys(identities)
        for entry, (uri, _, added_by_id), key in zip(entries, identities, keys, strict=True):
            self.rows.add_entry(entry)
            if key not in had:
                self.rows.add(
                    "playlist_additions", _addition(task.playlist_id, key, entry, uri, added_by_id, observed_at)
                )
        read.new_items, read.removed_items = len(set(keys) - had), len(had - set(keys))
        snapshot_id = playlist.snapshot_id or ""
        if known.observed_at is None or before != keys or known.snapshot_id != snapshot_id:
            moved = moved_keys(before, keys)
            snapshot = Snapshot(task.playlist_id, snapshot_id, observed_at, keys, len(keys), moved)
            self.rows.add("playlist_snapshots", snapshot)

    def _finish(self) -> None:
        """Closes the record of the run."""
        record = self.record
        record.finished_at, record.requests = self.now(), self.client.requests
        if self.error is not None:
            self.fail(self.error)
        elif record.failed:
            record.exit_code, record.outcome = 4, "partial"
            record.message = f"{record.failed} of {record.playlists} playlists could not be read: see playlist_reads."
        self.rows.add("runs", record)

    def fail(self, error: PlaylakeError) -> None:
        """Notes what ended the run."""
        record = self.record
        record.finished_at, record.requests = self.now(), self.client.requests
        record.exit_code, record.outcome, record.message = error.exit_code, error.outcome, str(error)
        if isinstance(error, TryLaterError):
            record.resume_at = error.resume_at


def _addition(
    playlist_id: str, key: int, entry: Entry, uri: str | None, added_by_id: str | None, observed_at: datetime
) -> Addition:
    content, item_type = entry.content, entry.item_type
    content_id = content.id if content is not None else None
    local = entry.is_local if entry.is_local is not None else (content.is_local if content is not None else None)
    return Addition(
        playlist_id,
        key,
        parse_time(entry.added_at),
        added_by_id,
        uri,
        item_type,
        content_id if item_type == "track" else None,
        content_id if item_type == "episode" else None,
        local,
        entry.primary_color,
        entry.video_thumbnail.url if entry.video_thumbnail is not None else None,
        observed_at,
    )
