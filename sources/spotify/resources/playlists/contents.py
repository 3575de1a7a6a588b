"""Turns a reading into rows, unless its contents contradict what is stored: then they are not stored yet."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from sources.errors import ApiError
from sources.spotify.models.lenient_decode import unreadable_dates
from sources.spotify.models.playlists import Playlist
from sources.spotify.models.run_records import PlaylistRead
from sources.spotify.resources.base import ENTRIES, Context, Row
from sources.spotify.resources.playlists.access import withheld_access
from sources.spotify.resources.playlists.changes import change_of
from sources.spotify.resources.playlists.consistent_reading import Reading, read_playlist
from sources.spotify.resources.playlists.diff import Facts, facts
from sources.spotify.resources.playlists.doubts import Doubt, doubt_of
from sources.spotify.resources.playlists.library_rows import LibraryRows
from sources.spotify.resources.playlists.messages import counted, emptied, left_out_message
from sources.spotify.resources.playlists.stored_contents import StoredContents
from sources.spotify.resources.playlists.which_to_read import Task


class Contents:
    """Turns readings into rows.

    Args:
        ctx: the run.
        library: where playlists are noted as seen.
        tasks: the playlists, in the order in which their readings come.
    """

    def __init__(self, ctx: Context, library: LibraryRows, tasks: Sequence[Task]) -> None:
        self._ctx = ctx
        self._library = library
        self._stored = StoredContents(lambda: ctx.state, tasks)

    def rows(self, task: Task, reading: Reading, read: PlaylistRead, read_at: datetime) -> Iterator[Row]:
        """The rows of a reading; `read` says how it ended.

        Raises:
            PlaylakeError: the playlist had to be read again, and that failed.
        """
        playlist = reading.playlist
        playlist.id = task.playlist_id
        read.snapshot_id = playlist.snapshot_id
        if reading.unchanged:
            read.outcome = "unchanged"
            yield from self._library.see(playlist, playlist.snapshot_id)
        elif reading.entries is None:
            read.outcome = "metadata_only"
            read.message = f"Playlist {task.playlist_id}: the app may see its description but not its contents."
            yield from self.withheld(task, playlist, read)
        else:
            yield from self._checked(task, reading, read, read_at)

    def withheld(self, task: Task, playlist: Playlist, read: PlaylistRead) -> Iterator[Row]:
        """Notes that the user may not read a playlist. If it was read before, the next sync reads it again."""
        user_id = self._ctx.client.user_id
        read.snapshot_id = playlist.snapshot_id
        if task.known.was_read_by(user_id):
            read.message, read.snapshot_id = f"{read.message} It was read before, so the next sync asks again.", None
        yield from self._library.see(playlist, playlist.snapshot_id, withheld_access(task, user_id))

    def _checked(self, task: Task, reading: Reading, read: PlaylistRead, read_at: datetime) -> Iterator[Row]:
        """The rows of contents, unless they contradict what is stored: then they are read again, or not stored."""
        found, doubt = self._compared(task, reading, read_at)
        if doubt is not None and doubt.mark != task.known.doubted and not reading.lacking:
            reading, read_at = self._read_again(task, read), self._ctx.now()
            found, doubt = self._compared(task, reading, read_at)
        playlist, entries = reading.playlist, reading.entries or []
        read.snapshot_id, read.items = playlist.snapshot_id, len(entries)
        left_out = [*self._ctx.client.take_left_out(task.playlist_id), *unreadable_dates(entries)]
        notes = [f"Read, but {left_out_message(left_out)}"] if left_out else []
        if doubt is not None and doubt.mark != task.known.doubted:
            read.outcome, read.doubted = "kept_back", doubt.mark
            notes.append(
                f"Playlist {task.playlist_id} shows {doubt.reason}. That is not stored yet; if the next sync sees the "
                "same, it is."
            )
            # The numbers of entries are as doubtful as the entries.
            playlist.items = playlist.tracks = msgspec.UNSET
            yield from self._library.see(playlist, None)
        else:
            if reading.lacking:
                total = len(entries) + reading.lacking
                notes.append(
                    f"Playlist {task.playlist_id} showed {counted(len(entries))} twice, although its total says "
                    f"{total:,}: stored as shown."
                )
            yield from self._believed(task, reading, found, read)
        read.message = " ".join(notes) or None

    def _compared(self, task: Task, reading: Reading, read_at: datetime) -> tuple[Facts, Doubt | None]:
        """How contents differ from the stored state, and the doubt about them, if any."""
        found = facts(task, reading.playlist.snapshot_id or "", reading.entries or [], self._stored, read_at)
        return found, doubt_of(task, reading, found)

    def _read_again(self, task: Task, read: PlaylistRead) -> Reading:
        """Another reading of a playlist, counted with the first."""
        client = self._ctx.client
        requests = client.requests_here
        try:
            reading = read_playlist(client, task.playlist_id)
        finally:
            read.requests += client.requests_here - requests
        if reading.entries is None:
            msg = f"Playlist {task.playlist_id} showed its contents once and not again: the next sync reads it again."
            raise ApiError(msg, 200)
        reading.playlist.id = task.playlist_id
        return reading

    def _believed(self, task: Task, reading: Reading, found: Facts, read: PlaylistRead) -> Iterator[Row]:
        """The rows of contents that are plausible."""
        playlist, entries = reading.playlist, reading.entries or []
        read.new_items, read.removed_items = found.new_items, found.removed_items
        if (change := change_of(task.playlist_id, entries, found)) is not None:
            self._ctx.recorder.changes.append(change)
        for entry in entries:
            yield Row(ENTRIES, entry)
        for addition in found.additions:
            yield Row("playlist_additions", addition)
        for author in found.authors:
            yield Row("playlist_addition_authors", author)
        if found.snapshot is not None:
            yield Row("playlist_snapshots", found.snapshot)
        if found.before and not entries:
            name = playlist.name or task.playlist_id
            self._ctx.recorder.tell(emptied(task.playlist_id, name, len(found.before)))
        yield from self._library.see(playlist, playlist.snapshot_id, "readable")
