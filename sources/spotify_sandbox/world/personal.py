"""A user's own data, and its initial state in a world."""

from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Literal

from sources.spotify_sandbox.world import ids, timestamps
from sources.spotify_sandbox.world.contents import Content, Episode, LocalFile, Track
from sources.spotify_sandbox.world.devices import devices_of
from sources.spotify_sandbox.world.library import Kind, Library
from sources.spotify_sandbox.world.player import REMEMBERED, Play, Player

if TYPE_CHECKING:
    from sources.spotify_sandbox.world.playlist import Playlist
    from sources.spotify_sandbox.world.world import World

TimeRange = Literal["short_term", "medium_term", "long_term"]

_MOST_TRACKS = 400
_MOST_ARTISTS = 90
_HOUR = 3_600


class Personal:
    """A user's library, playlists, player and taste. All of it follows from the world and the user's id."""

    def __init__(self, world: "World", user_id: str) -> None:
        self._world = world
        self._user_id = user_id
        self._listing: list[str | None] = [
            playlist.id for playlist in world.playlists.values() if playlist.owner == user_id
        ]
        self._top: dict[TimeRange, list[int]] = {}
        self.library = _library(world, user_id)
        self.player = Player(devices_of(user_id), lambda number: length(world.content(number)))
        self.player.history.extend(_history(world, user_id))

    @property
    def listing(self) -> list[str | None]:
        """The ids of the playlists in the user's library; the world's own list for its signed-in user."""
        return self._world.listing if self._user_id == self._world.me.id else self._listing

    def follow(self, playlist_id: str) -> None:
        """Put a playlist at the top of the library, if it is not in it."""
        if playlist_id in self.listing:
            return
        playlist = self._world.playlist(playlist_id)
        if playlist.owner != self._user_id:
            playlist.followers += 1
        self.listing.insert(0, playlist_id)

    def unfollow(self, playlist_id: str) -> None:
        """Take a playlist out of the library; to its owner this is deleting it."""
        if playlist_id not in self.listing:
            return
        playlist = self._world.playlist(playlist_id)
        if playlist.owner != self._user_id:
            playlist.followers = max(0, playlist.followers - 1)
        self.listing.remove(playlist_id)

    def create(
        self, name: str, *, public: bool | None = True, collaborative: bool = False, description: str | None = ""
    ) -> "Playlist":
        """A new playlist of the user, at the top of the library."""
        playlist = self._world.create_playlist(
            name, owner=self._user_id, public=public, collaborative=collaborative, description=description
        )
        if self._user_id != self._world.me.id:
            self._world.unlist(playlist.id)
            self._listing.insert(0, playlist.id)
        return playlist

    def top_tracks(self, time_range: TimeRange) -> list[int]:
        """The numbers of the user's favourite tracks, the most loved first."""
        if time_range not in self._top:
            self._top[time_range] = _tracks(self._world, f"top/{self._user_id}/{time_range}", _MOST_TRACKS // 4)
        return self._top[time_range]

    def top_artists(self, time_range: TimeRange) -> list[str]:
        """The ids of the artists of those tracks."""
        return _artists(self._world, self.top_tracks(time_range))[:_MOST_ARTISTS]


def _dice(*parts: str) -> Random:
    return Random("/".join(parts))  # noqa: S311 - the same world must begin with the same library


def _tracks(world: "World", seed: str, most: int) -> list[int]:
    """Some tracks as people like them, no more than an eighth of what there is, and without what was taken down."""
    random, catalogue = _dice(seed), world.catalogue
    there = len(catalogue.works.every_track())
    if there == 0:
        return []
    picked = dict.fromkeys(catalogue.pick(random) for _ in range(2 * min(most, 1 + there // 8)))
    tracks = (number for number in picked if catalogue.kind(number) == "track" and catalogue.uri(number))
    return list(islice(filter(lambda number: _is_sold(world.content(number)), tracks), min(most, 1 + there // 8)))


def _is_sold(content: Content) -> bool:
    return not isinstance(content, Track) or bool(content.markets.codes)


def _artists(world: "World", tracks: list[int]) -> list[str]:
    """The artists of some tracks, in order."""
    contents = (world.content(number) for number in tracks)
    artists = (artist.id for track in contents if isinstance(track, Track) for artist in track.artists)
    works = world.catalogue.works
    return [artist_id for artist_id in dict.fromkeys(artists) if works.performer(artist_id) is not None]


def _library(world: "World", user_id: str) -> Library:
    """A library as it grew over years. One album and one audiobook in it are no longer to be had, and one episode."""
    library, random, works = Library(), _dice("library", user_id), world.catalogue.works
    tracks = _tracks(world, f"liked/{user_id}", _MOST_TRACKS)
    contents = [content for content in map(world.content, tracks) if isinstance(content, Track)]
    albums = [content.album.id for content in contents if content.album.release_date != "0000"]
    saved: dict[Kind, list[str]] = {
        "track": [_id(world, number) for number in tracks],
        "album": [album_id for album_id in dict.fromkeys(albums) if works.release(album_id)][:45],
        "show": [show.id for show in islice(works.every_show(), 0, 24, 2)],
        "episode": [_id(world, number) for number in islice(works.every_episode(), 0, 60, 9)],
        "audiobook": [book.id for book in islice(works.every_audiobook(), 3)],
        "artist": _artists(world, tracks)[:_MOST_ARTISTS],
        "user": [user.id for user in world.users if user.id not in {"", user_id}][:2],
    }
    gone: tuple[Kind, ...] = ("album", "episode", "audiobook")
    for kind in gone:
        if saved[kind]:
            saved[kind].insert(1, ids.derive("gone", user_id, kind))
    for kind, item_ids in saved.items():
        second = int(timestamps.BEGINNING.timestamp()) - 24 * _HOUR
        for item_id in item_ids:
            library.save(kind, item_id, second)
            second -= random.randint(0, 200) * _HOUR + random.randint(0, 3_599)
    return library


def _id(world: "World", number: int) -> str:
    return (world.catalogue.uri(number) or "").rpartition(":")[2]


def _history(world: "World", user_id: str) -> list[Play]:
    """What the user listened to before the world began, the latest first."""
    random = _dice("history", user_id)
    plays, now = [], int(timestamps.BEGINNING.timestamp() * 1000) - random.randrange(7_200_000)
    contexts = [None, *(f"spotify:playlist:{playlist_id}" for playlist_id in list(world.playlists)[:3])]
    context = contexts[-1]
    for number in _tracks(world, f"played/{user_id}", REMEMBERED):
        content = world.content(number)
        if random.random() < 0.2:
            context = random.choice(contexts)
        album = f"spotify:album:{content.album.id}" if isinstance(content, Track) and random.random() < 0.3 else context
        plays.append(Play(number, now, album))
        now -= length(content) + random.randrange(900_000)
    return plays


def length(content: Content) -> int:
    """How many milliseconds a content takes; recorded ones, whose length is in their JSON, three minutes."""
    if isinstance(content, Track | Episode):
        return content.duration_ms
    return content.seconds * 1000 if isinstance(content, LocalFile) else 180_000
