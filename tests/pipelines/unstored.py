"""Commands that write as ever, but store nothing of what they read, which would take seconds."""

from collections.abc import Mapping
from unittest.mock import patch

from pipelines.operations.writing import command
from pipelines.operations.writing.synced import SyncedPlaylist
from sources.spotify.resources.playlists.read import identity, read_playlist
from sources.spotify.writes.converge import State
from sources.spotify.writes.steps import Entry
from tests.pipelines.driving import Ended, playlake


def synced(self: SyncedPlaylist, *, full: bool) -> State:  # noqa: ARG001 (all of it is read)
    """What is on a playlist, in place of the method of that name."""
    reading = read_playlist(self.client, self.playlist_id)
    self._is_read, self.snapshot_id = True, reading.playlist.snapshot_id
    return State([Entry(*identity(entry)) for entry in reading.entries or ()], self.snapshot_id)


def unstored(*arguments: str, environment: Mapping[str, str] | None = None) -> Ended:
    """As `playlake`."""
    with patch.object(SyncedPlaylist, "synced", synced), patch.object(command, "_store", lambda *_, **__: None):
        return playlake(*arguments, environment=environment)
