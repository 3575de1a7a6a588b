"""Commands that write as ever, but store nothing of what they read, which would take seconds."""

import os
from collections.abc import Mapping
from unittest.mock import patch

from pipelines.operations.writing import command
from pipelines.operations.writing.synced import SyncedPlaylist
from sources.spotify.resources.addition_identity import identity
from sources.spotify.resources.playlists.consistent_reading import read_playlist
from sources.spotify.writes.converge import State
from sources.spotify.writes.steps import Entry
from tests.pipelines.driving import Ended, playlake
from tests.pipelines.writing import READING, WRITING, Desk

UNSTORED = bool(os.environ.get("PLAYLAKE_WRITE_UNSTORED"))
"""Whether `given` stores nothing."""


def synced(self: SyncedPlaylist, *, full: bool) -> State:  # noqa: ARG001 (all of it is read)
    """What is on a playlist, in place of the method of that name."""
    reading = read_playlist(self.client, self.playlist_id)
    self._is_read, self.snapshot_id = True, reading.playlist.snapshot_id
    return State([Entry(*identity(entry)) for entry in reading.entries or ()], self.snapshot_id)


def unstored(*arguments: str, environment: Mapping[str, str] | None = None) -> Ended:
    """As `playlake`."""
    with patch.object(SyncedPlaylist, "synced", synced), patch.object(command, "_store", lambda *_, **__: None):
        return playlake(*arguments, environment=environment)


def given(at: Desk, *arguments: str) -> Ended:
    """Gives a command in this process, which stores what it reads unless PLAYLAKE_WRITE_UNSTORED is set."""
    if not UNSTORED:
        return at(*arguments)
    token = {"SOURCES__SPOTIFY__CREDENTIALS__REFRESH_TOKEN": at.api.authorise(f"{READING} {WRITING}")}
    place = {"DLT_DATA_DIR": str(at.folder), "XDG_DATA_HOME": str(at.folder / "home")}
    return unstored(*arguments, "--path", str(at.lake), environment=at.api.environment | token | place)
