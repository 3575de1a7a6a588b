"""Sends the steps of a plan, to `/items` or to the older `/tracks`, depending on what the app may use."""

from dataclasses import dataclass
from typing import Any

from sources.errors import ApiError, ForbiddenError, NotFoundError, ScopeError
from sources.spotify.api.changes import (
    ADD_ITEMS,
    ADD_TRACKS,
    MOVE_ITEMS,
    MOVE_TRACKS,
    REMOVE_ITEMS,
    REMOVE_TRACKS,
    Changed,
)
from sources.spotify.api.client import Client
from sources.spotify.api.endpoints import Endpoint
from sources.spotify.models.answers import EntriesPage
from sources.spotify.models.playlists import Playlist
from sources.spotify.writes.steps import Add, Move, Step


@dataclass(slots=True)
class PlaylistRequests:
    """Sends steps to a playlist.

    Attributes:
        client: the API.
        playlist_id: which.
        older: whether the older path is the one that this app has.
    """

    client: Client
    playlist_id: str
    older: bool = False

    @classmethod
    def of(cls, client: Client, playlist: Playlist) -> "PlaylistRequests":
        """To a playlist as the API has described it, which tells what its entries are called for this app."""
        return cls(client, str(playlist.id), not isinstance(playlist.items, EntriesPage))

    def send(self, step: Step, snapshot_id: str | None) -> str | None:
        """Sends one step, and gives the id of the version that it made, if that was reported.

        Where the path is not for this app, which then does nothing, the other one is used from then on.

        Raises:
            ApiError: as `Client.change`.
            PlaylakeError: nothing more can be done.
        """
        try:
            return self._sent(step, snapshot_id)
        except ScopeError:
            raise
        except (ForbiddenError, NotFoundError) as error:
            self.older = not self.older
            try:
                return self._sent(step, snapshot_id)
            except (ForbiddenError, NotFoundError):
                # The first answer was about the playlist, and says so better.
                self.older = not self.older
                raise error from None

    def _sent(self, step: Step, snapshot_id: str | None) -> str | None:
        endpoint, body = _request(step, older=self.older)
        if snapshot_id is not None and not isinstance(step, Add):
            body["snapshot_id"] = snapshot_id
        changed = self.client.change(endpoint, self.playlist_id, body)
        if not changed.snapshot_id:
            msg = f"{self.client.url(endpoint, self.playlist_id)} answered without a snapshot_id: check api_url."
            raise ApiError(msg, 200)
        return changed.snapshot_id


def _request(step: Step, *, older: bool) -> tuple[Endpoint[Changed], dict[str, Any]]:
    if isinstance(step, Add):
        return (ADD_TRACKS if older else ADD_ITEMS), {"uris": step.uris, "position": step.position}
    if isinstance(step, Move):
        body = {"range_start": step.start, "insert_before": step.before, "range_length": step.length}
        return (MOVE_TRACKS if older else MOVE_ITEMS), body
    objects = [{"uri": uri} for uri in step.uris]
    return (REMOVE_TRACKS, {"tracks": objects}) if older else (REMOVE_ITEMS, {"items": objects})
