"""Whether a playlist is in the user's library, and how to add it again.

Whoever deletes a playlist in the app only takes it off the list: by its id it can be read and written as before
(https://developer.spotify.com/documentation/web-api/concepts/playlists).
"""

from typing import Any

from sources.errors import ForbiddenError, NotFoundError, ScopeError
from sources.spotify.api.changes import IS_LISTED, IS_LISTED_BY_PATH, LIST, LIST_BY_PATH
from sources.spotify.api.client import Client
from sources.spotify.models.playlists import Playlist


def is_listed(client: Client, playlist_id: str) -> bool:
    """Whether it is in the signed-in user's library.

    Raises:
        PlaylakeError: the API does not say.
    """
    try:
        return client.get(IS_LISTED, uris=_uri(playlist_id)) == [True]
    except ScopeError:
        raise
    except (ForbiddenError, NotFoundError):
        return client.get(IS_LISTED_BY_PATH, playlist_id) == [True]


def put_on_list(client: Client, playlist: Playlist) -> None:
    """Adds it to the library; idempotent.

    Raises:
        PlaylakeError: it cannot be done.
    """
    try:
        client.change(LIST, uris=_uri(str(playlist.id)))
    except ScopeError:
        raise
    except (ForbiddenError, NotFoundError):
        body: dict[str, Any] = {} if playlist.public is None else {"public": playlist.public}
        client.change(LIST_BY_PATH, str(playlist.id), body)


def _uri(playlist_id: str) -> str:
    return f"spotify:playlist:{playlist_id}"
