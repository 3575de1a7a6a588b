"""Creates a playlist exactly once, even if responses are lost."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.operations.writing.unfinished_writes import UnfinishedWrite, UnfinishedWriteFile
from sources.errors import ApiError, ForbiddenError, NotFoundError, ScopeError
from sources.spotify.api.changes import CREATE, CREATE_FOR_USER
from sources.spotify.api.client import Client
from sources.spotify.api.endpoints import ME_PLAYLISTS
from sources.spotify.models.playlists import Playlist
from sources.spotify.writes.listing import is_listed

ATTEMPTS = 5
"""Attempts to create a playlist if the response was lost and the playlist is not in the list."""

LOOKS = 3
"""Attempts to find a new playlist in the list, which may be some seconds behind."""

PAUSE = 1.0
"""Seconds before the second attempt; twice as long before the third."""


def as_made(name: str) -> Playlist:
    """The state of a playlist that was just created."""
    return Playlist(name=name, description="", public=False, collaborative=False)


@dataclass(slots=True)
class NewPlaylist:
    """A playlist to create.

    Attributes:
        client: the API.
        name: its name.
        unfinished_file: the record of the write, until it is finished.
        sleep: how to wait, in seconds.
        changes: number of requests that have created one, as far as is known.
    """

    client: Client
    name: str
    unfinished_file: UnfinishedWriteFile
    sleep: Callable[[float], object] = time.sleep
    changes: int = 0

    def made(self, unfinished: UnfinishedWrite) -> str:
        """Its id. One that an earlier attempt at the same command has made is used, if it is still in the library.

        Raises:
            ApiError: it cannot be made.
        """
        if unfinished.playlist_id is not None and self._is_still_there(unfinished.playlist_id):
            return unfinished.playlist_id
        if unfinished.known_ids is None or unfinished.playlist_id is not None:
            unfinished.known_ids, unfinished.playlist_id = [known for known, _ in self._of_that_name()], None
            self.unfinished_file.keep(unfinished)
        else:
            unfinished.playlist_id = self._found(unfinished.known_ids)
        unfinished.playlist_id = unfinished.playlist_id or self._created(unfinished.known_ids)
        self.unfinished_file.keep(unfinished)
        return unfinished.playlist_id

    def _created(self, known_ids: list[str]) -> str:
        """Creates it. If the response is lost, the user's list shows whether it was created.

        Raises:
            ApiError: it cannot be made, or nothing tells whether it was.
        """
        for attempt in range(ATTEMPTS):
            try:
                made = self._create().id
            except ApiError as error:
                is_lost = error.status is None or error.status >= 500 or error.status == 200
                if not is_lost or attempt + 1 == ATTEMPTS:
                    raise
                made = None
            if made := made or self._found(known_ids):
                return made
        msg = f"Spotify does not say whether it has made a playlist {self.name!r}: look at your list, then try again."
        raise ApiError(msg)

    def _create(self) -> Playlist:
        body: dict[str, Any] = {"name": self.name, "public": False}
        self.changes += 1
        try:
            return self.client.change(CREATE, body=body)
        except ScopeError:
            raise
        except (ForbiddenError, NotFoundError):
            return self.client.change(CREATE_FOR_USER, self.client.whoami(), body)

    def _is_still_there(self, playlist_id: str) -> bool:
        return any(is_listed(self.client, playlist_id) for _ in self._looks())

    def _found(self, known_ids: list[str]) -> str | None:
        """A playlist that was created but not recorded: one that was not known before, and is empty."""
        for _ in self._looks():
            for found, count in self._of_that_name():
                if found not in known_ids and not count:
                    return found
        return None

    def _looks(self) -> Iterator[None]:
        for look in range(LOOKS):
            if look:
                self.sleep(PAUSE * look)
            yield

    def _of_that_name(self) -> Iterator[tuple[str, int | None]]:
        """Ids and sizes of the user's playlists that are called so. `next` may name a path that the app has lost."""
        offset, limit = 0, ME_PLAYLISTS.limit or 50
        while True:
            page = self.client.get(ME_PLAYLISTS, limit=limit, offset=offset)
            for playlist in page.items or ():
                if playlist is not None and playlist.id and playlist.name == self.name:
                    yield playlist.id, playlist.contents.total if playlist.contents is not None else None
            shown = len(page.items or ())
            offset += shown
            if not shown or offset >= (page.total or 0):
                return
