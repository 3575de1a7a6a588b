"""Tracks, episodes and local files that follow from a seed and a number, none of them kept.

Numbers 0 up to ``tracks`` are tracks, then come episodes, then local files. Albums are blocks of consecutive
tracks, artists blocks of consecutive albums, so that both repeat as they do in a real library.
"""

from functools import lru_cache
from hashlib import blake2b
from random import Random

from sources.spotify_sandbox import ids
from sources.spotify_sandbox.catalogue import local_uri
from sources.spotify_sandbox.contents import Album, Artist, Content, Episode, Kind, LocalFile, Show, Track
from sources.spotify_sandbox.markets import EVERYWHERE, NOWHERE, VARIANTS, Markets
from sources.spotify_sandbox.words import LANGUAGES, PUBLISHERS, TAGS, Draw

# Singles, an LP, an EP, a single, another LP: how every 32 consecutive tracks make 7 albums.
_SIZES = (1, 1, 12, 4, 1, 10, 3)
_ALBUM_OF = tuple(album for album, size in enumerate(_SIZES) for _ in range(size))
_PLACE_IN = tuple(place for size in _SIZES for place in range(size))
_PERIOD = len(_ALBUM_OF)

VARIOUS = Artist("0LyfQWJT6nXafLPZqxe9Of", "Various Artists")
EPISODES_OF_A_SHOW = 20


class GeneratedCatalogue:
    """The catalogue of a generated world."""

    def __init__(self, seed: int, tracks: int, episodes: int, files: int) -> None:
        self.seed = seed
        self.tracks = tracks
        self.episodes = episodes
        self.files = files
        # Artists repeat; albums and tracks rarely do in a large world.
        self._artist = lru_cache(maxsize=32_768)(self._make_artist)
        self._local_numbers = {local_uri(self._local(n)): tracks + episodes + n for n in range(files)}

    def find(self, uri: str) -> int | None:
        """The number of the content with a URI."""
        if uri.startswith("spotify:track:"):
            number = ids.read(self.seed, "track", uri.removeprefix("spotify:track:"))
            return number if number is not None and number < self.tracks else None
        if uri.startswith("spotify:episode:"):
            number = ids.read(self.seed, "episode", uri.removeprefix("spotify:episode:"))
            return self.tracks + number if number is not None and number < self.episodes else None
        return self._local_numbers.get(uri)

    def uri(self, index: int) -> str:
        """The URI of a content."""
        kind = self.kind(index)
        if kind == "track":
            return f"spotify:track:{ids.make(self.seed, 'track', index)}"
        if kind == "episode":
            return f"spotify:episode:{ids.make(self.seed, 'episode', index - self.tracks)}"
        return local_uri(self._local(index - self.tracks - self.episodes))

    def kind(self, index: int) -> Kind:
        """What a content is."""
        if index < self.tracks:
            return "track"
        return "episode" if index < self.tracks + self.episodes else "local"

    def content(self, index: int) -> Content:
        """The content itself."""
        kind = self.kind(index)
        if kind == "track":
            return self._track(index)
        if kind == "episode":
            return self._episode(index - self.tracks)
        return self._local(index - self.tracks - self.episodes)

    def pick(self, random: Random) -> int:
        """A track, popular ones more often: the number of a track is its rank, the share falls as rank^-0.6."""
        return int(self.tracks * random.random() ** 2.5)

    def recorded(self, form: int) -> bytes:
        """Nothing here was recorded."""
        raise IndexError(form)

    def _draw(self, kind: str, index: int) -> bytes:
        return blake2b(b"%d %b %d" % (self.seed, kind.encode(), index), digest_size=32).digest()

    def _track(self, index: int) -> Track:
        draw = self._draw("t", index)
        # Neighbours in an album are far apart in rank: 7919 is prime to every number of tracks that is no multiple.
        place = (index * 7919 + self.seed) % self.tracks if self.tracks % 7919 else index
        cycle, rest = divmod(place, _PERIOD)
        album_number = cycle * len(_SIZES) + _ALBUM_OF[rest]
        fate = int.from_bytes(draw[20:22], "big")
        track_id = ids.make(self.seed, "track", index)
        if fate < 200:
            return _taken_down(track_id, ids.make(self.seed, "album", album_number))
        markets = _markets(fate, draw[22])
        album = self._album(album_number, markets, _SIZES[_ALBUM_OF[rest]])
        own = album.artists if album.artists[0] is not VARIOUS else (self._artist(album_number * 3 + rest),)
        guests = (self._artist(int.from_bytes(draw[23:26], "big") % (self.tracks // 8 + 1)),) if draw[26] < 40 else ()
        unsold = markets is NOWHERE
        return Track(
            id=track_id,
            name=Draw(draw).title(),
            album=album,
            artists=own + guests,
            disc_number=1 + (rest == 7),
            track_number=_PLACE_IN[rest] + 1,
            duration_ms=95_000 + int.from_bytes(draw[10:12], "big") * 5,
            explicit=draw[12] < 30,
            isrc=_isrc(draw),
            popularity=0 if unsold else max(0, 92 - (index + 1).bit_length() * 6 + draw[13] % 11),
            markets=markets,
            preview_url=None if draw[14] < 250 else f"https://p.scdn.co/mp3-preview/{draw.hex()[:40]}",
            replacement=ids.make(self.seed, "replacement", index) if 2000 <= fate < 4000 else None,
        )

    def _album(self, number: int, markets: Markets, size: int) -> Album:
        draw = self._draw("b", number)
        year = 2025 - draw[20] % 55 if draw[21] < 128 else 2015 + draw[20] % 11
        precision = "year" if year < 1990 and draw[22] < 128 else "day"
        date = f"{year}" if precision == "year" else f"{year}-{1 + draw[23] % 12:02}-{1 + draw[24] % 28:02}"
        compiled = size > 4 and draw[25] < 20
        return Album(
            id=ids.make(self.seed, "album", number),
            name=Draw(draw).album(),
            type="compilation" if compiled else "album" if size > 6 else "single",
            artists=(VARIOUS,) if compiled else (self._artist(number // 3),),
            release_date=date,
            precision=precision,
            total_tracks=size,
            cover=draw.hex()[-24:],
            markets=markets,
        )

    def _make_artist(self, number: int) -> Artist:
        return Artist(ids.make(self.seed, "artist", number), Draw(self._draw("r", number)).artist())

    def _episode(self, number: int) -> Episode:
        draw = self._draw("e", number)
        title = Draw(draw).title()
        return Episode(
            id=ids.make(self.seed, "episode", number),
            name=f"#{number % EPISODES_OF_A_SHOW + 1}: {title}",
            description=f"In this episode we talk about {title} & more. Hosted by nobody. See harbor.example/privacy.",
            duration_ms=600_000 + int.from_bytes(draw[10:13], "big") % 5_400_000,
            explicit=draw[12] < 30,
            release_date=f"{2016 + draw[13] % 10}-{1 + draw[14] % 12:02}-{1 + draw[15] % 28:02}",
            cover=draw.hex()[-24:],
            show=self._show(number // EPISODES_OF_A_SHOW),
        )

    def _show(self, number: int) -> Show:
        draw = self._draw("s", number)
        name = Draw(draw).show()
        return Show(
            id=ids.make(self.seed, "show", number),
            name=name,
            publisher=Draw(draw).of(PUBLISHERS, 10),
            description=f"{name}: a podcast about what matters <most>.",
            explicit=draw[12] < 60,
            language=LANGUAGES[draw[13] % len(LANGUAGES)],
            total_episodes=EPISODES_OF_A_SHOW,
            cover=draw.hex()[-24:],
            markets=EVERYWHERE if draw[14] < 200 else VARIANTS[draw[14] % len(VARIANTS)],
        )

    def _local(self, number: int) -> LocalFile:
        artist, album, title = TAGS[number % len(TAGS)]
        draw = self._draw("l", number)
        name = title if number < len(TAGS) else f"{title} {number}"
        return LocalFile(artist, album, name, 60 + draw[0])


def _markets(fate: int, variant: int) -> Markets:
    if 200 <= fate < 900:
        return NOWHERE
    if 900 <= fate < 4000:
        # Sold in a few countries only, so that other markets meet relinked (above 2000) and unplayable tracks.
        return VARIANTS[-1]
    return EVERYWHERE if fate < 30_000 else VARIANTS[variant % len(VARIANTS)]


def _isrc(draw: bytes) -> str | None:
    if draw[15] < 4:
        return None
    country = ("US", "GB", "DE", "SE", "FR", "QM", "BR", "JP")[draw[16] % 8]
    number = int.from_bytes(draw[17:20], "big") % 100_000
    isrc = f"{country}{'ABCDEFGHJK'[draw[17] % 10]}{draw[18] % 10}{'XYZ'[draw[19] % 3]}{draw[16] % 26:02}{number:05}"
    # Recorded once in lower case, as the label had sent it.
    return isrc.lower() if draw[15] > 252 else isrc


def _taken_down(track_id: str, album_id: str) -> Track:
    """A track that is gone, as recorded in 2024: an object whose names are empty."""
    nobody = (Artist(VARIOUS.id, ""),)
    album = Album(album_id, "", "single", (VARIOUS,), "0000", "year", 1, None, NOWHERE)
    return Track(track_id, "", album, nobody, 1, 1, 0, False, None, 0, NOWHERE)
