"""Small worlds made by hand, with one or two of everything that a playlist can hold."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from sources.spotify_sandbox import Entry, World
from sources.spotify_sandbox.world import ids
from sources.spotify_sandbox.world.catalogue import local_uri
from sources.spotify_sandbox.world.contents import Album, Artist, Content, Episode, Kind, LocalFile, Show, Track
from sources.spotify_sandbox.world.markets import EVERYWHERE, NOWHERE, Markets, markets
from sources.spotify_sandbox.world.users import User
from sources.spotify_sandbox.worlds.observed_works import ObservedWorks

MARKET = "SE"
ME = User("thilda.ek", "Thilda Ek", MARKET)
FRIEND = "marcel#spotify"
SPOTIFY = "spotify"
ELSEWHERE = markets(("DE", "AT"))
"""Where the tracks are sold that Spotify plays another track for in `MARKET`."""


def _track(number: int, sold: Markets, replacement: str | None = None) -> Track:
    artist = Artist(ids.derive("artist", number // 3), f"Artist {number // 3}")
    guest = Artist(ids.derive("artist", "guest"), "Guest")
    album = Album(
        id=ids.derive("album", number // 2),
        name=f"Album {number // 2}",
        type="album",
        artists=(artist,),
        release_date="2011-04-03",
        precision="day",
        total_tracks=2,
        cover=f"{number // 2:024x}",
        markets=sold,
    )
    return Track(
        id=ids.derive("track", number),
        name=f"Track {number}",
        album=album,
        artists=(artist, guest) if number % 4 == 1 else (artist,),
        disc_number=1,
        track_number=number % 2 + 1,
        duration_ms=200_000 + number,
        explicit=False,
        isrc=f"SEABC1100{number:03}",
        popularity=50,
        markets=sold,
        replacement=replacement,
    )


def _episode(number: int) -> Episode:
    show = Show(ids.derive("show"), "Show", "Publisher", "About.", False, "sv", 2, f"{99:024x}", EVERYWHERE)
    return Episode(
        ids.derive("episode", number), f"#{number}", "Said.", 900_000, False, "2020-01-02", f"{number:024x}", show
    )


_TRACKS = [_track(number, EVERYWHERE) for number in range(8)]
_UNSOLD = [_track(8, NOWHERE)]
_RELINKED = [_track(number, ELSEWHERE, ids.derive("replacement", number)) for number in (10, 12)]
_EPISODES = [_episode(number) for number in range(2)]
_FILES = [LocalFile("A & B", "", "Ünï + code", 61), LocalFile("", "", "", 0), LocalFile("A & B", "", "Live", 61)]

TRACKS = [f"spotify:track:{track.id}" for track in _TRACKS]
UNSOLD = [f"spotify:track:{track.id}" for track in _UNSOLD]
RELINKED = [f"spotify:track:{track.id}" for track in _RELINKED]
EPISODES = [f"spotify:episode:{episode.id}" for episode in _EPISODES]
FILES = [local_uri(file) for file in _FILES]
EVERYTHING: list[str | None] = [*TRACKS, *RELINKED, *EPISODES, *FILES, *UNSOLD, None]
"""URIs of all contents, and the null of an entry whose item is gone."""

PLAYED_FOR = {
    f"spotify:track:{track.id}": f"spotify:track:{track.replacement}" for track in _RELINKED if track.replacement
}
"""The track that plays in `MARKET`, by the track that was added."""


class SmallCatalogue:
    """The catalogue of these worlds: the contents above, in that order."""

    def __init__(self) -> None:
        self._contents: list[Content] = [*_TRACKS, *_RELINKED, *_EPISODES, *_FILES, *_UNSOLD]
        self._uris = [uri for uri in EVERYTHING if uri is not None]
        self.works = ObservedWorks(lambda: range(len(self._contents)), self._published)

    def find(self, uri: str) -> int | None:
        """The number of the content with a URI."""
        return self._uris.index(uri) if uri in self._uris else None

    def uri(self, index: int) -> str:
        """The URI of a content."""
        return self._uris[index]

    def kind(self, index: int) -> Kind:
        """What a content is."""
        return kind_of(self._uris[index])

    def content(self, index: int) -> Content:
        """The content itself."""
        return self._contents[index]

    def _published(self, number: int) -> Track | Episode | None:
        content = self._contents[number]
        return content if isinstance(content, Track | Episode) else None

    def pick(self, random: Random) -> int:
        """Any content."""
        return random.randrange(len(self._contents))

    def recorded(self, form: int) -> bytes:
        """Nothing here was recorded."""
        raise IndexError(form)


def kind_of(uri: str) -> Kind:
    """What the content with a URI is."""
    if uri.startswith("spotify:local:"):
        return "local"
    return "episode" if uri.startswith("spotify:episode:") else "track"


def entry(uri: str | None, added_at: str | None = "2020-05-06T07:08:09Z", added_by: str | None = ME.id) -> Entry:
    """An entry with any `added_at` and `added_by`, nulls too."""
    return Entry(uri, None if uri is None else kind_of(uri), added_at, added_by)


@dataclass(slots=True)
class Minutes:
    """A supply of different times of adding, a minute apart."""

    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(1_000_000)))

    def next(self) -> str:
        """A later time than all given before, as the API writes it."""
        minute = next(self._numbers)
        day, rest = divmod(minute, 24 * 60)
        month, day = divmod(day, 28)
        year, month = divmod(month, 12)
        return f"{2021 + year}-{month + 1:02}-{day + 1:02}T{rest // 60:02}:{rest % 60:02}:00Z"


def small_world() -> World:
    """A world without playlists."""
    world = World(SmallCatalogue(), ME)
    world.users.add(User(FRIEND, "Marcel"))
    world.users.add(User(SPOTIFY, "Spotify"))
    return world
