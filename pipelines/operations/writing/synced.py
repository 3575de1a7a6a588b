"""A playlist that is read by syncing it, so that its earlier contents are in the lake."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.operations.writing import lake_state
from pipelines.operations.writing.command import Manner
from pipelines.sync.service import Report, sync
from sources.errors import ApiError, ConfigurationError, NotFoundError, TryLaterError
from sources.spotify.api.client import Client
from sources.spotify.api.endpoints import PLAYLIST
from sources.spotify.models.playlists import Playlist
from sources.spotify.resources.addition_identity import identity
from sources.spotify.resources.playlists.consistent_reading import TYPES, read_playlist
from sources.spotify.writes.converge import State
from sources.spotify.writes.playlist_requests import PlaylistRequests
from sources.spotify.writes.steps import Entry, Step

if TYPE_CHECKING:
    from sources.spotify.config import SourceSettings

READINGS = 3
"""Syncs of a playlist until a reading is accepted."""


@dataclass(slots=True)
class SyncedPlaylist:
    """A playlist that the signed-in user may write.

    Attributes:
        manner: how the command goes about it.
        client: the API.
        playlist_id: which.
        changes: number of requests that have changed it, as far as is known.
        snapshot_id: its newest known version.
        added_as: of items that the lake knows by a track that plays in their place, the URI that was added.
    """

    manner: Manner
    client: Client
    playlist_id: str
    changes: int = 0
    snapshot_id: str | None = None
    added_as: dict[str | None, str | None] = field(default_factory=dict)
    _is_read: bool = False
    _requests: PlaylistRequests | None = None
    _playlist: Playlist | None = None

    def read(self) -> State:
        """Its entries, read completely and stored."""
        return self.synced(full=True)

    def synced(self, *, full: bool) -> State:
        """Its entries, stored.

        Args:
            full: whether to read it, even if it seems unchanged.

        Raises:
            NotFoundError: it is gone.
            PlaylakeError: it cannot be read, or the lake cannot be written.
        """
        for _ in range(READINGS):
            self._sync(full=full)
            state = State(lake_state.current(self.manner.lake, self.playlist_id), self.snapshot_id)
            if self.client.market is None:
                return state
            added = self._without_market(state)
            if added.snapshot_id == state.snapshot_id:
                break
        return added

    def _sync(self, *, full: bool) -> None:
        """Stores what is on it."""
        lake = self.manner.lake
        # A configuration may name more to read.
        settings: SourceSettings = {**self.manner.settings, "resources": "playlists", "full": full}
        for _ in range(READINGS):
            outcome = self._outcome(sync([self.playlist_id], lake, **settings))
            if outcome != "kept_back":
                break
        self._is_read = outcome == "read"
        self.snapshot_id = lake_state.snapshot_id(lake, self.playlist_id)

    def _without_market(self, stored: State) -> State:
        """What is on it by the URIs that were added, which alone it can be written by.

        Apps in development mode that name a market get other tracks, and are not told in whose place they play.
        """
        reading = read_playlist(self.client.without_market(), self.playlist_id)
        entries = [Entry(*identity(entry)) for entry in reading.entries or ()]
        if len(entries) == len(stored.entries):
            pairs = zip(stored.entries, entries, strict=True)
            self.added_as |= {
                one.uri: other.uri
                for one, other in pairs
                if one.added_at == other.added_at and one.uri is not None and other.uri is not None
            }
        return State(entries, reading.playlist.snapshot_id)

    def as_added(self, wanted: Sequence[Entry]) -> list[Entry]:
        """What is wanted, by the URIs under which the playlist has it."""
        return [Entry(self.added_as.get(entry.uri, entry.uri), entry.added_at) for entry in wanted]

    def stands(self, state: State) -> bool:
        """Whether a state that was read is still the newest version; one that only seemed unchanged may not be."""
        if not self._is_read or state.snapshot_id is None:
            return False
        return self.client.get(PLAYLIST, self.playlist_id, fields="snapshot_id").snapshot_id == state.snapshot_id

    def _outcome(self, report: Report) -> str:
        """Syncs it, and returns the outcome.

        Raises:
            PlaylakeError: it was not read.
        """
        read = next(iter(report.reads), None)
        if report.exit_code == TryLaterError.exit_code:
            raise TryLaterError(report.run.message or "Spotify asks to wait.", report.run.resume_at)
        if read is None or read.outcome in ("read", "unchanged", "kept_back"):
            return read.outcome if read is not None else "unchanged"
        if read.outcome == "gone":
            raise _gone(self.playlist_id)
        raise ApiError(read.message or f"Playlist {self.playlist_id} could not be read.")

    def described(self) -> Playlist:
        """The playlist as the API described it first, if the signed-in user may change what is on it.

        Raises:
            ConfigurationError: it belongs to somebody else.
            NotFoundError: it is gone.
        """
        if self._playlist is not None:
            return self._playlist
        try:
            playlist = self.client.get(PLAYLIST, self.playlist_id, additional_types=TYPES)
        except NotFoundError:
            raise _gone(self.playlist_id) from None
        owner = playlist.owner.id if playlist.owner is not None else None
        if owner != self.client.whoami() and not playlist.collaborative:
            msg = (
                f"Playlist {self.playlist_id} ({playlist.name}) belongs to {owner}, and only they may change it: "
                "write to a new one with --new, or to one of your own."
            )
            raise ConfigurationError(msg)
        self._requests, self._playlist = PlaylistRequests.of(self.client, playlist), playlist
        return playlist

    def write(self, step: Step, snapshot_id: str | None) -> str | None:
        """Sends one request."""
        if self._requests is None:
            self.described()
        assert self._requests is not None  # noqa: S101 (as above)
        self.changes += 1
        self.snapshot_id = None
        self.snapshot_id = self._requests.send(step, snapshot_id)
        return self.snapshot_id


def _gone(playlist_id: str) -> NotFoundError:
    msg = (
        f"Playlist {playlist_id} is gone, or hidden from this app: restore it into a new one with --new, or push to "
        "one with --new NAME."
    )
    return NotFoundError(msg, 404)
