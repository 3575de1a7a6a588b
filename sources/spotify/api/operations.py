"""Every operation of the Web API's reference, those that were removed too, whether it is read or not.

It was compared with Spotify's own description as of October 2025, before apps in development mode lost a part of it,
and of May 2026: https://developer.spotify.com/_data/documentation/web-api/reference/open-api-schema.yml. Changes of
operations are described in https://developer.spotify.com/documentation/web-api/references/changes/february-2026 and in
https://developer.spotify.com/blog/2024-11-27-changes-to-the-web-api.
"""

from dataclasses import dataclass
from typing import Literal

REFERENCE = "https://developer.spotify.com/documentation/web-api/reference"
"""Where each operation has a page."""

Status = Literal["kept", "removed", "closed", "new"]
KEPT: Status = "kept"
REMOVED: Status = "removed"
CLOSED: Status = "closed"
NEW: Status = "new"

YES_OR_NO = "answers yes or no about ids; the lists themselves are read"
CHAPTERS = "an audiobook's list of chapters says the same"
NOT_YET = "not read yet"

READ_POSITION = "user-read-playback-position"
READ_LIBRARY = "user-library-read"
MODIFY_LIBRARY = "user-library-modify"
MODIFY_PLAYLISTS = "playlist-modify-public playlist-modify-private"
READ_PLAYLISTS = "playlist-read-private"
READ_FOLLOWING = "user-follow-read"
MODIFY_FOLLOWING = "user-follow-modify"
MODIFY_PLAYBACK = "user-modify-playback-state"
READ_PLAYBACK = "user-read-playback-state"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Attributes:
        method: the HTTP method; all but GET write, or command a player.
        path: below the API's root; `{id}` and `{type}` stand for what it is about.
        name: the name of the operation's page in the reference.
        status: its availability to apps in development mode: `kept`; `removed` in February 2026; `closed` since
            November 2024; `new` in February 2026, for all apps. Apps with extended quota keep everything.
        page: default and maximum number of elements of a page.
        page_now: the same for apps in development mode, if it differs.
        batch: how many ids or URIs one request may name.
        scopes: what the user must have consented to, separated by blanks.
        why: the reason why no resource reads it, if none does.
    """

    method: str
    path: str
    name: str
    status: Status
    page: str = ""
    page_now: str = ""
    batch: int | None = None
    scopes: str = ""
    why: str = ""

    @property
    def is_read(self) -> bool:
        """Whether it only reads."""
        return self.method == "GET"


OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", "/albums/{id}", "get-an-album", KEPT),
    Operation("GET", "/albums", "get-multiple-albums", REMOVED, batch=20),
    Operation("GET", "/albums/{id}/tracks", "get-an-albums-tracks", KEPT, page="20/50"),
    Operation("GET", "/artists/{id}", "get-an-artist", KEPT),
    Operation("GET", "/artists", "get-multiple-artists", REMOVED, batch=50),
    Operation("GET", "/artists/{id}/albums", "get-an-artists-albums", KEPT, page="20/50", page_now="5/10"),
    Operation("GET", "/artists/{id}/top-tracks", "get-an-artists-top-tracks", REMOVED),
    Operation("GET", "/artists/{id}/related-artists", "get-an-artists-related-artists", CLOSED),
    Operation("GET", "/shows/{id}", "get-a-show", KEPT, scopes=READ_POSITION),
    Operation("GET", "/shows", "get-multiple-shows", REMOVED, batch=50),
    Operation("GET", "/shows/{id}/episodes", "get-a-shows-episodes", KEPT, page="20/50", scopes=READ_POSITION),
    Operation("GET", "/episodes/{id}", "get-an-episode", KEPT, scopes=READ_POSITION),
    Operation("GET", "/episodes", "get-multiple-episodes", REMOVED, batch=50, scopes=READ_POSITION),
    Operation("GET", "/audiobooks/{id}", "get-an-audiobook", KEPT),
    Operation("GET", "/audiobooks", "get-multiple-audiobooks", REMOVED, batch=50),
    Operation("GET", "/audiobooks/{id}/chapters", "get-audiobook-chapters", KEPT, page="20/50"),
    Operation("GET", "/me/audiobooks", "get-users-saved-audiobooks", KEPT, page="20/50", scopes=READ_LIBRARY),
    Operation("PUT", "/me/audiobooks", "save-audiobooks-user", REMOVED, batch=50, scopes=MODIFY_LIBRARY),
    Operation("DELETE", "/me/audiobooks", "remove-audiobooks-user", REMOVED, batch=50, scopes=MODIFY_LIBRARY),
    Operation(
        "GET",
        "/me/audiobooks/contains",
        "check-users-saved-audiobooks",
        REMOVED,
        batch=50,
        scopes=READ_LIBRARY,
        why=YES_OR_NO,
    ),
    Operation("GET", "/chapters/{id}", "get-a-chapter", KEPT, why=CHAPTERS),
    Operation("GET", "/chapters", "get-several-chapters", REMOVED, batch=50, why=CHAPTERS),
    Operation("GET", "/tracks/{id}", "get-track", KEPT),
    Operation("GET", "/tracks", "get-several-tracks", REMOVED, batch=50),
    Operation("GET", "/search", "search", KEPT, page="20/50", page_now="5/10"),
    Operation("GET", "/me", "get-current-users-profile", KEPT, scopes="user-read-private user-read-email"),
    Operation("GET", "/playlists/{id}", "get-playlist", KEPT),
    Operation("PUT", "/playlists/{id}", "change-playlist-details", KEPT, scopes=MODIFY_PLAYLISTS),
    Operation("GET", "/playlists/{id}/tracks", "get-playlists-tracks", REMOVED, page="20/50", scopes=READ_PLAYLISTS),
    Operation("POST", "/playlists/{id}/tracks", "add-tracks-to-playlist", REMOVED, batch=100, scopes=MODIFY_PLAYLISTS),
    Operation(
        "PUT",
        "/playlists/{id}/tracks",
        "reorder-or-replace-playlists-tracks",
        REMOVED,
        batch=100,
        scopes=MODIFY_PLAYLISTS,
    ),
    Operation(
        "DELETE", "/playlists/{id}/tracks", "remove-tracks-playlist", REMOVED, batch=100, scopes=MODIFY_PLAYLISTS
    ),
    Operation(
        "GET", "/me/playlists", "get-a-list-of-current-users-playlists", KEPT, page="20/50", scopes=READ_PLAYLISTS
    ),
    Operation("GET", "/me/albums", "get-users-saved-albums", KEPT, page="20/50", scopes=READ_LIBRARY),
    Operation("PUT", "/me/albums", "save-albums-user", REMOVED, batch=20, scopes=MODIFY_LIBRARY),
    Operation("DELETE", "/me/albums", "remove-albums-user", REMOVED, batch=20, scopes=MODIFY_LIBRARY),
    Operation(
        "GET", "/me/albums/contains", "check-users-saved-albums", REMOVED, batch=20, scopes=READ_LIBRARY, why=YES_OR_NO
    ),
    Operation("GET", "/me/tracks", "get-users-saved-tracks", KEPT, page="20/50", scopes=READ_LIBRARY),
    Operation("PUT", "/me/tracks", "save-tracks-user", REMOVED, batch=50, scopes=MODIFY_LIBRARY),
    Operation("DELETE", "/me/tracks", "remove-tracks-user", REMOVED, batch=50, scopes=MODIFY_LIBRARY),
    Operation(
        "GET", "/me/tracks/contains", "check-users-saved-tracks", REMOVED, batch=50, scopes=READ_LIBRARY, why=YES_OR_NO
    ),
    Operation(
        "GET",
        "/me/episodes",
        "get-users-saved-episodes",
        KEPT,
        page="20/50",
        scopes="user-library-read user-read-playback-position",
    ),
    Operation("PUT", "/me/episodes", "save-episodes-user", REMOVED, batch=50, scopes=MODIFY_LIBRARY),
    Operation("DELETE", "/me/episodes", "remove-episodes-user", REMOVED, batch=50, scopes=MODIFY_LIBRARY),
    Operation(
        "GET",
        "/me/episodes/contains",
        "check-users-saved-episodes",
        REMOVED,
        batch=50,
        scopes=READ_LIBRARY,
        why=YES_OR_NO,
    ),
    Operation("GET", "/me/shows", "get-users-saved-shows", KEPT, page="20/50", scopes=READ_LIBRARY),
    Operation("PUT", "/me/shows", "save-shows-user", REMOVED, batch=50, scopes=MODIFY_LIBRARY),
    Operation("DELETE", "/me/shows", "remove-shows-user", REMOVED, batch=50, scopes=MODIFY_LIBRARY),
    Operation(
        "GET", "/me/shows/contains", "check-users-saved-shows", REMOVED, batch=50, scopes=READ_LIBRARY, why=YES_OR_NO
    ),
    Operation("GET", "/me/top/{type}", "get-users-top-artists-and-tracks", KEPT, page="20/50", scopes="user-top-read"),
    Operation("GET", "/users/{id}", "get-users-profile", REMOVED),
    Operation(
        "GET",
        "/users/{id}/playlists",
        "get-list-users-playlists",
        REMOVED,
        page="20/50",
        scopes="playlist-read-private playlist-read-collaborative",
    ),
    Operation("POST", "/users/{id}/playlists", "create-playlist-for-user", REMOVED, scopes=MODIFY_PLAYLISTS),
    Operation("PUT", "/playlists/{id}/followers", "follow-playlist", REMOVED, scopes=MODIFY_PLAYLISTS),
    Operation("DELETE", "/playlists/{id}/followers", "unfollow-playlist", REMOVED, scopes=MODIFY_PLAYLISTS),
    Operation("GET", "/browse/featured-playlists", "get-featured-playlists", CLOSED, page="20/50"),
    Operation("GET", "/browse/categories", "get-categories", REMOVED, page="20/50"),
    Operation("GET", "/browse/categories/{id}", "get-a-category", REMOVED, why="the list of categories says the same"),
    Operation("GET", "/browse/categories/{id}/playlists", "get-a-categories-playlists", CLOSED, page="20/50"),
    Operation(
        "GET", "/playlists/{id}/images", "get-playlist-cover", KEPT, why="the playlist itself has the same images"
    ),
    Operation(
        "PUT",
        "/playlists/{id}/images",
        "upload-custom-playlist-cover",
        KEPT,
        scopes="ugc-image-upload playlist-modify-public playlist-modify-private",
    ),
    Operation("GET", "/browse/new-releases", "get-new-releases", REMOVED, page="20/50"),
    Operation("GET", "/me/following", "get-followed", KEPT, page="20/50", scopes=READ_FOLLOWING),
    Operation("PUT", "/me/following", "follow-artists-users", REMOVED, batch=50, scopes=MODIFY_FOLLOWING),
    Operation("DELETE", "/me/following", "unfollow-artists-users", REMOVED, batch=50, scopes=MODIFY_FOLLOWING),
    Operation(
        "GET",
        "/me/following/contains",
        "check-current-user-follows",
        REMOVED,
        batch=50,
        scopes=READ_FOLLOWING,
        why=YES_OR_NO,
    ),
    Operation(
        "GET", "/playlists/{id}/followers/contains", "check-if-user-follows-playlist", REMOVED, batch=1, why=YES_OR_NO
    ),
    Operation("GET", "/audio-features", "get-several-audio-features", CLOSED, batch=100),
    Operation("GET", "/audio-features/{id}", "get-audio-features", CLOSED),
    Operation("GET", "/audio-analysis/{id}", "get-audio-analysis", CLOSED),
    Operation("GET", "/recommendations", "get-recommendations", CLOSED, page="20/100"),
    Operation("GET", "/recommendations/available-genre-seeds", "get-recommendation-genres", CLOSED),
    Operation("GET", "/me/player", "get-information-about-the-users-current-playback", KEPT, scopes=READ_PLAYBACK),
    Operation("PUT", "/me/player", "transfer-a-users-playback", KEPT, scopes=MODIFY_PLAYBACK),
    Operation("GET", "/me/player/devices", "get-a-users-available-devices", KEPT, scopes=READ_PLAYBACK),
    Operation(
        "GET",
        "/me/player/currently-playing",
        "get-the-users-currently-playing-track",
        KEPT,
        scopes="user-read-currently-playing",
    ),
    Operation("PUT", "/me/player/play", "start-a-users-playback", KEPT, scopes=MODIFY_PLAYBACK),
    Operation("PUT", "/me/player/pause", "pause-a-users-playback", KEPT, scopes=MODIFY_PLAYBACK),
    Operation("POST", "/me/player/next", "skip-users-playback-to-next-track", KEPT, scopes=MODIFY_PLAYBACK),
    Operation("POST", "/me/player/previous", "skip-users-playback-to-previous-track", KEPT, scopes=MODIFY_PLAYBACK),
    Operation("PUT", "/me/player/seek", "seek-to-position-in-currently-playing-track", KEPT, scopes=MODIFY_PLAYBACK),
    Operation("PUT", "/me/player/repeat", "set-repeat-mode-on-users-playback", KEPT, scopes=MODIFY_PLAYBACK),
    Operation("PUT", "/me/player/volume", "set-volume-for-users-playback", KEPT, scopes=MODIFY_PLAYBACK),
    Operation("PUT", "/me/player/shuffle", "toggle-shuffle-for-users-playback", KEPT, scopes=MODIFY_PLAYBACK),
    Operation(
        "GET",
        "/me/player/recently-played",
        "get-recently-played",
        KEPT,
        page="20/50",
        scopes="user-read-recently-played",
    ),
    Operation(
        "GET", "/me/player/queue", "get-queue", KEPT, scopes="user-read-currently-playing user-read-playback-state"
    ),
    Operation("POST", "/me/player/queue", "add-to-queue", KEPT, scopes=MODIFY_PLAYBACK),
    Operation("GET", "/markets", "get-available-markets", REMOVED),
    Operation("GET", "/playlists/{id}/items", "get-playlists-items", NEW, page="20/50", scopes=READ_PLAYLISTS),
    Operation("POST", "/playlists/{id}/items", "add-items-to-playlist", NEW, batch=100, scopes=MODIFY_PLAYLISTS),
    Operation(
        "PUT", "/playlists/{id}/items", "reorder-or-replace-playlists-items", NEW, batch=100, scopes=MODIFY_PLAYLISTS
    ),
    Operation("DELETE", "/playlists/{id}/items", "remove-items-playlist", NEW, batch=100, scopes=MODIFY_PLAYLISTS),
    Operation("POST", "/me/playlists", "create-playlist", NEW, scopes=MODIFY_PLAYLISTS),
    Operation(
        "PUT",
        "/me/library",
        "save-library-items",
        NEW,
        batch=40,
        scopes="user-library-modify user-follow-modify playlist-modify-public",
    ),
    Operation(
        "DELETE",
        "/me/library",
        "remove-library-items",
        NEW,
        batch=40,
        scopes="user-library-modify user-follow-modify playlist-modify-public",
    ),
    Operation(
        "GET",
        "/me/library/contains",
        "check-library-contains",
        NEW,
        batch=40,
        scopes="user-library-read user-follow-read playlist-read-private",
        why=YES_OR_NO,
    ),
)
"""In the order of the reference."""
