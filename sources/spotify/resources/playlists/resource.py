"""The resource `playlists`: all of the user's, or those that were named."""

import logging
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from functools import partial
from types import MappingProxyType
from typing import Any

from sources.errors import DestinationError, NotFoundError, PlaylakeError
from sources.spotify.api.endpoints import (
    ME_PLAYLISTS,
    PLAYLIST,
    PLAYLIST_ITEMS,
    PLAYLIST_TRACKS,
    USER_PLAYLISTS,
    Endpoint,
)
from sources.spotify.api.pagination import ListSeen
from sources.spotify.auth.consent import not_consented
from sources.spotify.auth.scope_purposes import PLAYLIST_SCOPES
from sources.spotify.http.prefetch import Prefetcher
from sources.spotify.models.run_records import PlaylistRead
from sources.spotify.resources.base import ENTRIES, Checkpoint, Context, Row
from sources.spotify.resources.covers import covers_for
from sources.spotify.resources.outcome import ends_run, outcome_of
from sources.spotify.resources.playlists import which_to_read
from sources.spotify.resources.playlists.access import is_missed
from sources.spotify.resources.playlists.attempt import Attempt, attempt, size
from sources.spotify.resources.playlists.changes import name_removed
from sources.spotify.resources.playlists.contents import Contents
from sources.spotify.resources.playlists.library_rows import LibraryRows
from sources.spotify.resources.playlists.lookup import Lookup
from sources.spotify.resources.playlists.messages import left_out_message
from sources.spotify.resources.playlists.other_users import other_users_playlists
from sources.spotify.resources.playlists.state import KnownPlaylist
from sources.spotify.resources.playlists.which_to_read import Task

ENTRIES_AHEAD = 10_000
"""Maximum number of prefetched entries: 20 MB or more, depending on how many markets they list."""

_CONTENTS = ("playlist_snapshots", "playlist_additions", "playlist_addition_authors", ENTRIES)

log = logging.getLogger("playlake")


class Playlists:
    """Playlists with all that is on them, who made them, and their covers."""

    name = "playlists"
    scopes = frozenset(PLAYLIST_SCOPES)
    tables = (
        "playlists",
        "playlist_images",
        "playlist_snapshots",
        "playlist_additions",
        "playlist_addition_authors",
        "playlist_reads",
        "resource_reads",
        "playlist_descriptions",
        "playlist_listings",
        "playlist_covers",
        "covers",
        "cover_checks",
    )
    endpoints: Mapping[Endpoint[Any], tuple[str, ...]] = MappingProxyType(
        {
            ME_PLAYLISTS: ("playlists", "playlist_descriptions", "playlist_listings"),
            USER_PLAYLISTS: ("playlists", "playlist_descriptions"),
            PLAYLIST: ("playlists", "playlist_descriptions", *_CONTENTS),
            PLAYLIST_ITEMS: _CONTENTS,
            PLAYLIST_TRACKS: _CONTENTS,
        }
    )

    def read(self, ctx: Context) -> Iterator[Row | Checkpoint]:
        """Playlists that may have changed, each whole or not at all, and then the covers that are new.

        Raises:
            PlaylakeError: the list of playlists could not be read.
        """
        reading = _PlaylistsRun(ctx)
        tasks = yield from reading.planned()
        yield Checkpoint(left=len(tasks))
        yield from reading.all(tasks)
        name_removed(ctx.recorder.changes, ctx.state)
        yield from reading.fetched_covers()


class _PlaylistsRun:
    """One run of the resource.

    Args:
        ctx: the run.
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._covers = covers_for(ctx.settings, ctx.client.cancellation)
        self._known = Lookup[KnownPlaylist](lambda ids: ctx.state.playlists(ids, ctx.client.user_id))
        self._check_states()
        self._library = LibraryRows(ctx, self._covers)
        ctx.before_load_ends.append(self._library.described)
        self._said_end = False

    def _check_states(self) -> None:
        """Refuses to start a new history silently where stored states are lost.

        Raises:
            DestinationError: playlists were read, what was read is lost, and not everything is read again.
        """
        lost = self._ctx.state.lost_states()
        if lost and not self._ctx.settings.full:
            msg = (
                f"The destination has lost the states of {lost} playlists that were read. Run playlake sync --full: "
                "it reads them as they are now; what they were before is lost."
            )
            raise DestinationError(msg)

    def planned(self) -> Generator[Row, None, list[Task]]:
        """What to read. Rows of all playlists of the user's list are yielded; unchanged ones need no more."""
        ctx, record = self._ctx, self._ctx.recorder.record
        if ctx.references:
            self._look_up(ctx.references)
            tasks = list(which_to_read.named(ctx.references, self._known, ctx.settings, record.started_at))
            record.playlists = len(tasks)
            return tasks
        seen, shown = ListSeen(), []
        if ctx.client.is_user or not ctx.settings.users:
            shown = which_to_read.listed(ctx.client, seen)
            record.user_id = ctx.client.user_id
            yield from self._library.compare(seen, self._known)
            self._note_list(sum(playlist is None for playlist in shown))
        others = yield from other_users_playlists(ctx, Playlists.name, set(seen.ids))
        self._look_up(str(playlist.id) for playlist in others)
        tasks = []
        for playlist in filter(None, [*shown, *others]):
            task = which_to_read.seen_in_list(
                playlist, ctx.client.user_id, self._known, ctx.settings, record.started_at
            )
            record.playlists += 1
            record.unchanged += task.unchanged
            yield from self._library.see(playlist, playlist.snapshot_id if task.unchanged else None)
            if not task.unchanged:
                tasks.append(task)
        ctx.progress(record.playlists - len(tasks), record.playlists)
        return tasks

    def _look_up(self, playlist_ids: Iterable[str]) -> None:
        """Looks up what is stored of playlists, all at once."""
        wanted = list(playlist_ids)
        self._known.prepare(wanted)
        self._library.prepare(wanted)

    def _note_list(self, hidden: int) -> None:
        """Notes what the list of playlists did not show, or not as it should."""
        client, record = self._ctx.client, self._ctx.recorder.record
        left_out = client.take_left_out()
        unreadable = sum(what.place == "items[]" for what in left_out)
        record.failed += unreadable
        notes = []
        if hidden > unreadable:
            notes.append(f"Spotify hides {hidden - unreadable} playlists of the list, without an id to ask for.")
        if left_out:
            notes.append(f"In the list of playlists, {left_out_message(left_out)}")
            log.warning("%s", notes[-1])
        if lack := not_consented(client.tokens):
            notes.append(lack)
            log.warning("%s", lack, extra={"event": "consent_lacks_scopes"})
        record.message = " ".join(notes) or None

    def all(self, tasks: list[Task]) -> Iterator[Row | Checkpoint]:
        """Each playlist in turn, while other threads read the next ones; after an abort, how the rest ended."""
        ctx, left = self._ctx, len(tasks)
        contents = Contents(ctx, self._library, tasks)
        work = partial(attempt, ctx.client, now=ctx.now)
        threads, cancellation = ctx.settings.parallel_reads, ctx.client.cancellation
        ahead: Prefetcher[Task, Attempt] = Prefetcher(work, threads, size, ENTRIES_AHEAD, cancellation)
        with closing(ahead.results(tasks)) as attempts:
            for task in tasks:
                # No variable holds the attempt, so that the memory of a long playlist is free before the next one.
                pages = yield from self._taken(next(attempts, None) or self._skipped(task), contents)
                left -= 1
                ctx.progress(ctx.recorder.record.playlists - left, ctx.recorder.record.playlists)
                yield Checkpoint(pages, left)

    def _skipped(self, task: Task) -> Attempt:
        """The result for a playlist that is not read after an abort."""
        now = self._ctx.now()
        return Attempt(task, now, now, error=self._ctx.recorder.error)

    def _taken(self, attempt: Attempt, contents: Contents) -> Generator[Row, None, int]:
        """The rows of an attempt to read a playlist.

        Returns:
            How many pages it had.
        """
        ctx, task = self._ctx, attempt.task
        user_id = ctx.client.user_id
        started, finished = attempt.started_at, attempt.finished_at
        read = PlaylistRead(ctx.recorder.record.run_id, task.playlist_id, "read", started, finished, user_id)
        read.requests = attempt.requests
        if attempt.reading is not None:
            try:
                yield from contents.rows(task, attempt.reading, read, finished)
            except PlaylakeError as problem:
                self._fail(read, problem)
        elif isinstance(attempt.error, NotFoundError):
            yield from self._missing(task, read, attempt.error, contents)
        else:
            self._fail(read, attempt.error)
        read.withheld = read.outcome == "metadata_only" and not is_missed(task, user_id)
        # After an error that ends the run, all playlists that were not read get the same message.
        ctx.recorder.count(read, quietly=self._said_end)
        self._said_end = ctx.recorder.error is not None
        if read.outcome != "unchanged":
            yield Row("playlist_reads", read)
        return attempt.pages

    def _fail(self, read: PlaylistRead, error: PlaylakeError | None) -> None:
        """Notes why a playlist could not be read."""
        read.outcome, read.message = outcome_of(error), str(error)
        if ends_run(error):
            self._ctx.recorder.abort(error)

    def _missing(self, task: Task, read: PlaylistRead, error: NotFoundError, contents: Contents) -> Iterator[Row]:
        """404: gone if it was asked for by id, withheld if the user's list still holds it."""
        read.message = str(error)
        if task.listed is not None:
            read.outcome = "metadata_only"
            read.message = f"Playlist {task.playlist_id} is in the user's list but hidden from this app."
            yield from contents.withheld(task, task.listed, read)
            return
        read.outcome = "gone"
        if task.known.access is not None and not task.known.is_readable_for_another(self._ctx.client.user_id):
            yield from self._library.note_gone(task.playlist_id, task.known)

    def fetched_covers(self) -> Iterator[Row | Checkpoint]:
        """The covers that are new, when all playlists are read; without one a playlist is still whole."""
        ctx, covers = self._ctx, self._covers
        if covers is None or ctx.recorder.error is not None:
            return
        yield from covers.read(ctx.state.cover_checks(), ctx.state.kept_pictures(), ctx.now)
        if covers.problems and ctx.recorder.error is None:
            record = ctx.recorder.record
            record.message = " ".join(filter(None, (record.message, covers.summary)))
