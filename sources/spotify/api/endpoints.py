"""The endpoints that are read: one entry each.

Limits are those of https://developer.spotify.com/documentation/web-api/reference/get-playlists-items and the
neighbouring pages; a page may still be shorter than asked.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sources.spotify.models.answers import EntriesPage, Playlist, PlaylistsPage, User

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Endpoint(Generic[T]):
    """One endpoint.

    Attributes:
        path: below the API's root; `{id}` stands for the playlist's id.
        answer: what its JSON is decoded to.
        limit: the page size to ask for, if it has pages.
    """

    path: str
    answer: type[T]
    limit: int | None = None


ME = Endpoint("/me", User)
ME_PLAYLISTS = Endpoint("/me/playlists", PlaylistsPage, limit=50)
PLAYLIST = Endpoint("/playlists/{id}", Playlist)
PLAYLIST_ITEMS = Endpoint("/playlists/{id}/items", EntriesPage, limit=50)
PLAYLIST_TRACKS = Endpoint("/playlists/{id}/tracks", EntriesPage, limit=50)

ENDPOINTS: tuple[Endpoint[Any], ...] = (ME, ME_PLAYLISTS, PLAYLIST, PLAYLIST_ITEMS, PLAYLIST_TRACKS)
