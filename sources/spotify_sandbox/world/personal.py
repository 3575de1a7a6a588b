"""A user's own data, and its initial state in a world."""

from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Literal, get_args

from sources.spotify_sandbox.world import ids
from sources.spotify_sandbox.world.contents import Content, Track
from sources.spotify_sandbox.world.devices import devices_of
from sources.spotify_sandbox.world.entries import NOTHING
from sources.spotify_sandbox.world.library import Kind, Library
from sources.spotify_sandbox.world.listening import Taste, came_out, length, listening, second_of
from sources.spotify_sandbox.world.player import REMEMBERED, Play, Player

if TYPE_CHECKING:
    from sources.spotify_sandbox.world.playlist import Playlist
    from sources.spotify_sandbox.world.world import World

TimeRange = Literal["short_term", "medium_term", "long_term"]

_MOST_TRACKS = 400
_MOST_ARTISTS = 90
_HOUR = 3_600


class Personal:
    """A user's library, playlists, player and taste, all derived from the world and the user's id."""

    def __init__(self, world: "World", user_id: str) -> None:
        self._world = world
        self._user_id = user_id
        self._listing: list[str | None] = [
            playlist.id for playlist in world.playlists.values() if playlist.owner == user_id
        ]
        liked = _liked(world, user_id)
        self.top: dict[TimeRange, list[int]] = {each: _top(world, user_id, each, liked) for each in get_args(TimeRange)}
        self.library = _library(world, user_id, liked)
        self.player = Player(devices_of(user_id), lambda number: length(world.content(number)))
        self.player.history.extend(_history(world, self.taste))

    @property
    def listing(self) -> list[str | None]:
        """The ids of the playlists in the user's library; the world's own list for its signed-in user."""
        return self._world.listing if self._user_id == self._world.me.id else self._listing

    def follow(self, playlist_id: str) -> None:
        """Add a playlist at the top of the library, if it is not in it."""
        if playlist_id in self.listing:
            return
        playlist = self._world.playlist(playlist_id)
        if playlist.owner != self._user_id:
            playlist.followers += 1
        self.listing.insert(0, playlist_id)

    def unfollow(self, playlist_id: str) -> None:
        """Remove a playlist from the library; its owner deletes it in this way."""
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

    @property
    def taste(self) -> Taste:
        """What the user listens to."""
        catalogue = self._world.catalogue
        found = (catalogue.find(f"spotify:track:{track_id}") for track_id in self.library.saved["track"])
        liked = [number for number in found if number is not None]
        owned = [each.id for each in self._world.playlists.values() if each.owner == self._user_id and len(each)]
        owned.sort(key=lambda playlist_id: _dice("dearest", self._user_id, playlist_id).random())
        return Taste(self._user_id, liked, owned)

    def top_tracks(self, time_range: TimeRange) -> list[int]:
        """The numbers of the user's favourite tracks, best first."""
        return self.top[time_range]

    def top_artists(self, time_range: TimeRange) -> list[str]:
        """The ids of the artists of those tracks."""
        return _artists(self._world, self.top_tracks(time_range))[:_MOST_ARTISTS]


def _dice(*parts: str) -> Random:
    return Random("/".join(parts))  # noqa: S311 - the same world must begin with the same library


def _tracks(world: "World", seed: str, most: int) -> list[int]:
    """Some popular tracks, at most an eighth of all, without those that were taken down."""
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


def _liked(world: "World", user_id: str) -> list[int]:
    """The tracks that the user likes: most of them are on the user's playlists."""
    random, catalogue = _dice("liked", user_id), world.catalogue
    others = _tracks(world, f"liked/{user_id}", _MOST_TRACKS)
    own = (playlist.rows.contents for playlist in world.playlists.values() if playlist.owner == user_id)
    held = [
        number for contents in own for number in contents if number != NOTHING and catalogue.kind(number) == "track"
    ]
    there = dict.fromkeys(random.sample(held, min(len(held), 2 * len(others))))
    mine = islice((number for number in there if _is_sold(world.content(number))), 2 * len(others) // 3)
    return list(dict.fromkeys([*mine, *others]))[: len(others)]


def _top(world: "World", user_id: str, time_range: TimeRange, liked: list[int]) -> list[int]:
    """The user's favourites among the liked tracks, and some that are only played often."""
    most = min(_MOST_TRACKS // 4, len(liked))
    loved = _dice("top", user_id, time_range).sample(liked, most)
    return list(dict.fromkeys([*loved, *_tracks(world, f"top/{user_id}/{time_range}", most)]))[:most]


def _library(world: "World", user_id: str, tracks: list[int]) -> Library:
    """A library as it grew over years. One album, one audiobook and one episode in it are no longer available."""
    library, random, works = Library(), _dice("library", user_id), world.catalogue.works
    contents = [content for content in map(world.content, tracks) if isinstance(content, Track)]
    albums = {content.album.id: content for content in contents if content.album.release_date != "0000"}
    episodes = list(islice(works.every_episode(), 0, 60, 9))
    saved: dict[Kind, list[tuple[str, int]]] = {
        "track": [(_id(world, number), came_out(world.content(number))) for number in tracks],
        "album": [(key, came_out(track)) for key, track in albums.items() if works.release(key)][:45],
        "show": [(show.id, 0) for show in islice(works.every_show(), 0, 24, 2)],
        "episode": [(_id(world, number), came_out(world.content(number))) for number in episodes],
        "audiobook": [(book.id, second_of(book.release_date)) for book in islice(works.every_audiobook(), 3)],
        "artist": [(artist_id, 0) for artist_id in _artists(world, tracks)[:_MOST_ARTISTS]],
        "user": [(user.id, 0) for user in world.users if user.id not in {"", user_id}][:2],
    }
    gone: tuple[Kind, ...] = ("album", "episode", "audiobook")
    for kind in gone:
        if saved[kind]:
            saved[kind].insert(1, (ids.derive("gone", user_id, kind), 0))
    last = int(world.began.timestamp()) - 24 * _HOUR
    for kind, items in saved.items():
        for item_id, second in _dated(random, items, last):
            library.save(kind, item_id, second)
    return library


def _dated(random: Random, items: list[tuple[str, int]], last: int) -> list[tuple[str, int]]:
    """When each was saved, the latest first, none of them before its release."""
    seconds = []
    for _ in items:
        seconds.append(last)
        last -= random.randint(0, 200) * _HOUR + random.randint(0, 3_599)
    dated, rest = [], list(items)
    for second in reversed(seconds):
        out = [item for item in rest if item[1] <= second] or [min(rest, key=lambda item: item[1])]
        item = random.choice(out)
        rest.remove(item)
        dated.append((item[0], max(second, item[1])))
    return sorted(dated, key=lambda pair: -pair[1])


def _id(world: "World", number: int) -> str:
    return (world.catalogue.uri(number) or "").rpartition(":")[2]


def _history(world: "World", taste: Taste) -> list[Play]:
    """What the user listened to before the world began, the latest first."""
    until = int(world.began.timestamp()) * 1000
    heard = listening(world, taste, _dice("history", taste.user_id), until - 30 * 24_000 * _HOUR, until, 1.5)
    return [each.play for each in heard][: -REMEMBERED - 1 : -1]
