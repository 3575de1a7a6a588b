"""The endpoints that change something: one entry each. All that feed tables are in `endpoints`.

https://developer.spotify.com/documentation/web-api/reference/add-items-to-playlist and the pages beside it.
"""

from typing import Any

from msgspec import Struct

from sources.spotify.api.endpoints import Endpoint
from sources.spotify.models.playlists import Playlist

PLAYLIST_SCOPES = ("playlist-modify-public", "playlist-modify-private")
LIBRARY_SCOPES = ("user-library-modify",)
FOLLOW_SCOPES = ("user-follow-modify",)


class Changed(Struct):
    """The API's response to a change: the playlist's new version, or nothing."""

    snapshot_id: str | None = None


ADD_ITEMS = Endpoint("/playlists/{id}/items", Changed, method="POST", idempotent=False, scopes=PLAYLIST_SCOPES)
MOVE_ITEMS = Endpoint("/playlists/{id}/items", Changed, method="PUT", idempotent=False, scopes=PLAYLIST_SCOPES)
REMOVE_ITEMS = Endpoint("/playlists/{id}/items", Changed, method="DELETE", idempotent=False, scopes=PLAYLIST_SCOPES)
ADD_TRACKS = Endpoint("/playlists/{id}/tracks", Changed, method="POST", idempotent=False, scopes=PLAYLIST_SCOPES)
MOVE_TRACKS = Endpoint("/playlists/{id}/tracks", Changed, method="PUT", idempotent=False, scopes=PLAYLIST_SCOPES)
REMOVE_TRACKS = Endpoint("/playlists/{id}/tracks", Changed, method="DELETE", idempotent=False, scopes=PLAYLIST_SCOPES)

CREATE = Endpoint("/me/playlists", Playlist, method="POST", idempotent=False, scopes=PLAYLIST_SCOPES)
CREATE_FOR_USER = Endpoint("/users/{id}/playlists", Playlist, method="POST", idempotent=False, scopes=PLAYLIST_SCOPES)
# To say the same once more changes nothing.
DETAILS = Endpoint("/playlists/{id}", Changed, method="PUT", scopes=PLAYLIST_SCOPES)
COVER = Endpoint("/playlists/{id}/images", Changed, method="PUT", scopes=("ugc-image-upload",))

# What is saved already stays as it is.
SAVE = Endpoint("/me/library", Changed, method="PUT", scopes=(*LIBRARY_SCOPES, *FOLLOW_SCOPES), limit=40)
SAVE_TRACKS = Endpoint("/me/tracks", Changed, method="PUT", scopes=LIBRARY_SCOPES, limit=50)
SAVE_ALBUMS = Endpoint("/me/albums", Changed, method="PUT", scopes=LIBRARY_SCOPES, limit=20)
SAVE_EPISODES = Endpoint("/me/episodes", Changed, method="PUT", scopes=LIBRARY_SCOPES, limit=50)
SAVE_SHOWS = Endpoint("/me/shows", Changed, method="PUT", scopes=LIBRARY_SCOPES, limit=50)
SAVE_AUDIOBOOKS = Endpoint("/me/audiobooks", Changed, method="PUT", scopes=LIBRARY_SCOPES, limit=50)
FOLLOW = Endpoint("/me/following", Changed, method="PUT", scopes=FOLLOW_SCOPES, limit=50)
LIST = Endpoint("/me/library", Changed, method="PUT", scopes=PLAYLIST_SCOPES)
LIST_BY_PATH = Endpoint("/playlists/{id}/followers", Changed, method="PUT", scopes=PLAYLIST_SCOPES)

# These ask, and change nothing: they feed no table.
IS_LISTED = Endpoint("/me/library/contains", list[bool], takes_market=False)
IS_LISTED_BY_PATH = Endpoint("/playlists/{id}/followers/contains", list[bool], takes_market=False)
ARE_SAVED = Endpoint("/me/tracks/contains", list[bool], takes_market=False)
ARE_FOLLOWED = Endpoint("/me/following/contains", list[bool], takes_market=False)
QUESTIONS = (IS_LISTED, IS_LISTED_BY_PATH, ARE_SAVED, ARE_FOLLOWED)

CHANGES: tuple[Endpoint[Any], ...] = (
    ADD_ITEMS,
    MOVE_ITEMS,
    REMOVE_ITEMS,
    ADD_TRACKS,
    MOVE_TRACKS,
    REMOVE_TRACKS,
    CREATE,
    CREATE_FOR_USER,
    DETAILS,
    COVER,
    SAVE,
    SAVE_TRACKS,
    SAVE_ALBUMS,
    SAVE_EPISODES,
    SAVE_SHOWS,
    SAVE_AUDIOBOOKS,
    FOLLOW,
    LIST,
    LIST_BY_PATH,
)
