"""A world: one signed-in user, the playlists of that user's library, and their contents.

A world knows nothing of HTTP. Every edit takes ``world.lock``, and so does the server for every answer: a test
may edit from its own thread while the server answers.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from threading import RLock

from sources.spotify_sandbox.errors import WorldError
from sources.spotify_sandbox.world import ids
from sources.spotify_sandbox.world.catalogue import Catalogue, Edit, edited
from sources.spotify_sandbox.world.contents import Content
from sources.spotify_sandbox.world.library import Library
from sources.spotify_sandbox.world.markets import markets
from sources.spotify_sandbox.world.personal import Personal
from sources.spotify_sandbox.world.player import Player
from sources.spotify_sandbox.world.playlist import Playlist
from sources.spotify_sandbox.world.timestamps import BEGINNING, Clock, standing
from sources.spotify_sandbox.world.users import User, Users


class World:
    """All data that the sandbox serves. Without ``clock`` it is always noon of 22 November 2026.

    ``began`` is the time at which its generated past ends.
    """

    def __init__(self, catalogue: Catalogue, me: User, *, clock: Clock = standing, began: datetime = BEGINNING) -> None:
        self.catalogue = catalogue
        self.me = me
        self.clock = clock
        self.began = began
        self.lock = RLock()
        self.users = Users()
        self.users.add(me)
        self.edits: dict[int, Edit] = {}
        self.playlists: dict[str, Playlist] = {}
        self.listing: list[str | None] = []
        self.on_day: Callable[[date], None] | None = None
        self.pictures: dict[str, bytes] = {}
        self.personals: dict[str, Personal] = {}
        self.created = 0

    def __repr__(self) -> str:
        entries = sum(map(len, self.playlists.values()))
        return f"<World of {self.me.id}: {len(self.playlists)} playlists, {entries} entries>"

    def playlist(self, playlist_id: str) -> Playlist:
        """The playlist with an id."""
        try:
            return self.playlists[playlist_id]
        except KeyError:
            message = f"no playlist {playlist_id} in this world"
            raise WorldError(message) from None

    def personal(self, user_id: str) -> Personal:
        """The data of one user: the library, the player, the top items."""
        with self.lock:
            if user_id not in self.personals:
                self.personals[user_id] = Personal(self, user_id)
            return self.personals[user_id]

    @property
    def library(self) -> Library:
        """What the signed-in user has saved."""
        return self.personal(self.me.id).library

    @property
    def player(self) -> Player:
        """What the signed-in user listens to."""
        return self.personal(self.me.id).player

    def listed(self) -> Iterator[Playlist]:
        """The playlists of the signed-in user's library, in the order of ``GET /me/playlists``."""
        return (self.playlists[playlist_id] for playlist_id in self.listing if playlist_id is not None)

    def create_playlist(
        self,
        name: str,
        *,
        owner: str | None = None,
        public: bool | None = True,
        collaborative: bool = False,
        description: str | None = "",
        playlist_id: str | None = None,
    ) -> Playlist:
        """A new, empty playlist at the top of the library, owned by the signed-in user by default."""
        with self.lock:
            if playlist_id is None:
                self.created += 1
            new_id = playlist_id or ids.derive("created", self.me.id, self.created)
            if new_id in self.playlists:
                message = f"there is a playlist {new_id} already"
                raise WorldError(message)
            playlist = Playlist(self, new_id, name, owner or self.me.id)
            self.users.number(playlist.owner)
            playlist.public, playlist.collaborative, playlist.description = public, collaborative, description
            self.playlists[new_id] = playlist
            self.listing.insert(0, new_id)
            return playlist

    def delete_playlist(self, playlist_id: str) -> None:
        """Remove a playlist from the world: 404, and no longer listed."""
        with self.lock:
            self.unlist(playlist_id)
            del self.playlists[playlist_id]

    def unlist(self, playlist_id: str) -> None:
        """Remove a playlist from the library; it stays readable by its id, as after "delete" in the app."""
        with self.lock:
            self.playlist(playlist_id)
            if playlist_id in self.listing:
                self.listing.remove(playlist_id)

    def relist(self, playlist_id: str) -> None:
        """Put a playlist at the top of the library again."""
        with self.lock:
            self.unlist(playlist_id)
            self.listing.insert(0, playlist_id)

    def rename_track(self, uri: str, name: str) -> None:
        """Rename a track or an episode, on all playlists."""
        self._edit(uri, name=name)

    def set_popularity(self, uri: str, popularity: int) -> None:
        """Give a track another popularity, 0 to 100."""
        self._edit(uri, popularity=popularity)

    def restrict_track(self, uri: str, codes: tuple[str, ...] = ()) -> None:
        """Sell a track only in these markets."""
        self._edit(uri, codes=codes)

    def set_day(self, day: date | str) -> None:
        """Move a world that was loaded from a day-by-day history to another day."""
        if self.on_day is None:
            message = "this world has no history: only one loaded from daily observations can change its day"
            raise WorldError(message)
        with self.lock:
            self.on_day(day if isinstance(day, date) else read_day(day))

    def save(self, path: str | Path) -> None:
        """Write a generated world and all edits to a file that ``load`` reads.

        Raises:
            WorldError: The world was not generated, or the file cannot be written.
        """
        # The module imports this one, so it is imported late.
        from sources.spotify_sandbox.worlds.world_files import save_world

        save_world(self, Path(path))

    def number(self, uri: str) -> int:
        """The number of the content with a URI."""
        number = self.catalogue.find(uri)
        if number is None:
            message = f"nothing in this world has the URI {uri}"
            raise WorldError(message)
        return number

    def content(self, number: int) -> Content:
        """A content as it is after all edits."""
        content, edit = self.catalogue.content(number), self.edits.get(number)
        return content if edit is None else edited(content, edit)

    def _edit(
        self,
        uri: str,
        *,
        name: str | None = None,
        popularity: int | None = None,
        codes: tuple[str, ...] | None = None,
    ) -> None:
        with self.lock:
            number = self.number(uri)
            old = self.edits.get(number, Edit())
            edit = Edit(
                name=old.name if name is None else name,
                popularity=old.popularity if popularity is None else popularity,
                markets=old.markets if codes is None else markets(codes),
            )
            edited(self.catalogue.content(number), edit)
            self.edits[number] = edit


def read_day(text: str) -> date:
    """The day that ``YYYY-MM-DD`` names."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is not a valid day: write it as 2020-06-30"
        raise WorldError(message) from None
