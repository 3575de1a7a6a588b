"""Makes a playlist once, whatever becomes of the answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.operations.writing.begun import Beginnings, Begun
from sources.errors import ApiError, ForbiddenError, NotFoundError, ScopeError
from sources.spotify.api.changes import CREATE, CREATE_FOR_USER
from sources.spotify.api.client import Client
from sources.spotify.api.endpoints import ME_PLAYLISTS
from sources.spotify.models.playlists import Playlist

ATTEMPTS = 5
"""How often a playlist is made whose answer was lost, and that is not in the list either."""


@dataclass(frozen=True, slots=True)
class NewPlaylist:
    """A playlist that is to be made.

    Attributes:
        client: the API.
        name: what it is to be called.
        beginnings: where it is noted.
    """

    client: Client
    name: str
    beginnings: Beginnings

    def made(self, begun: Begun) -> str:
        """Its id. One that an earlier attempt at the same command has made is used.

        Raises:
            ApiError: it cannot be made.
        """
        if begun.playlist_id is not None:
            return begun.playlist_id
        if begun.known_ids is None:
            begun.known_ids = list(self._of_that_name())
            self.beginnings.keep(begun)
        else:
            begun.playlist_id = self._found(begun.known_ids)
        for attempt in range(ATTEMPTS):
            if begun.playlist_id is not None:
                break
            try:
                begun.playlist_id = self._create().id
            except ApiError as error:
                is_lost = error.status is None or error.status >= 500 or error.status == 200
                if not is_lost or attempt + 1 == ATTEMPTS:
                    raise
            begun.playlist_id = begun.playlist_id or self._found(begun.known_ids)
        if begun.playlist_id is None:
            msg = (
                f"Spotify does not say whether it has made a playlist {self.name!r}: look at your list, then try again."
            )
            raise ApiError(msg)
        self.beginnings.keep(begun)
        return begun.playlist_id

    def _create(self) -> Playlist:
        body: dict[str, Any] = {"name": self.name, "public": False}
        try:
            return self.client.change(CREATE, body=body)
        except ScopeError:
            raise
        except (ForbiddenError, NotFoundError):
            return self.client.change(CREATE_FOR_USER, self.client.whoami(), body)

    def _found(self, known_ids: list[str]) -> str | None:
        return next((found for found in self._of_that_name() if found not in known_ids), None)

    def _of_that_name(self) -> Iterator[str]:
        """Ids of the user's playlists that are called so. `next` may name a path that the app has lost."""
        offset, limit = 0, ME_PLAYLISTS.limit or 50
        while True:
            page = self.client.get(ME_PLAYLISTS, limit=limit, offset=offset)
            for playlist in page.items or ():
                if playlist is not None and playlist.id and playlist.name == self.name:
                    yield playlist.id
            shown = len(page.items or ())
            offset += shown
            if not shown or offset >= (page.total or 0):
                return
