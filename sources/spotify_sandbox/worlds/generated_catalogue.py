"""Tracks, episodes and local files, computed from a seed and a number and not stored.

Numbers 0 up to ``tracks`` are tracks, then come episodes, then local files, and behind them the tracks that relinking
puts in the place of others, each as far behind the first of them as the other is behind 0.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from hashlib import blake2b
from random import Random

from sources.spotify_sandbox.world import ids
from sources.spotify_sandbox.world.catalogue import local_uri
from sources.spotify_sandbox.world.contents import (
    VARIOUS,
    Album,
    Artist,
    Content,
    Episode,
    Kind,
    LocalFile,
    Show,
    Track,
)
from sources.spotify_sandbox.world.markets import EVERYWHERE, NOWHERE, VARIANTS, Markets
from sources.spotify_sandbox.world.stage_names import stage_name
from sources.spotify_sandbox.world.timestamps import BEGINNING
from sources.spotify_sandbox.world.words import LANGUAGES, PUBLISHERS, TAGS, Draw
from sources.spotify_sandbox.worlds.generated_layout import Layout
from sources.spotify_sandbox.worlds.generated_releases import Releases, album_age
from sources.spotify_sandbox.worlds.generated_works import GeneratedWorks

EPISODES_OF_A_SHOW = 20
_HITS = 0.02
_EP = 4
"""Tracks of an EP."""


class GeneratedCatalogue:
    """The catalogue of a generated world, with all that was released until ``newest``."""

    def __init__(self, seed: int, tracks: int, episodes: int, files: int, newest: datetime = BEGINNING) -> None:
        self.seed = seed
        self.newest = newest
        self.tracks = tracks
        self.episodes = episodes
        self.files = files
        self.layout = Layout(seed, tracks)
        self.shows = -(-episodes // EPISODES_OF_A_SHOW)
        # Artists repeat, and so do albums but in the largest worlds; tracks are kept as they are written.
        self.artist = lru_cache(maxsize=32_768)(self._make_artist)
        self.album = lru_cache(maxsize=32_768)(self._make_album)
        self.works = GeneratedWorks(self)
        self._files_from = tracks + episodes
        self.replacements_from = self._files_from + files
        self._local_numbers = {local_uri(self._local(n)): self._files_from + n for n in range(files)}

    def find(self, uri: str) -> int | None:
        """The number of the content with a URI."""
        if uri.startswith("spotify:track:"):
            return self._find_track(uri.removeprefix("spotify:track:"))
        if uri.startswith("spotify:episode:"):
            number = ids.read(self.seed, "episode", uri.removeprefix("spotify:episode:"))
            return self.tracks + number if number is not None and number < self.episodes else None
        return self._local_numbers.get(uri)

    def _find_track(self, track_id: str) -> int | None:
        number = ids.read(self.seed, "track", track_id)
        if number is not None:
            return number if number < self.tracks else None
        number = ids.read(self.seed, "replacement", track_id)
        if number is None or number >= self.tracks or not _is_replaced(_fate(self.draw("t", number))):
            return None
        return self.replacements_from + number

    def uri(self, index: int) -> str:
        """The URI of a content."""
        if index < self.tracks:
            return f"spotify:track:{ids.make(self.seed, 'track', index)}"
        if index < self._files_from:
            return f"spotify:episode:{ids.make(self.seed, 'episode', index - self.tracks)}"
        if index < self.replacements_from:
            return local_uri(self._local(index - self._files_from))
        return f"spotify:track:{ids.make(self.seed, 'replacement', index - self.replacements_from)}"

    def kind(self, index: int) -> Kind:
        """What a content is."""
        if index < self.tracks or index >= self.replacements_from:
            return "track"
        return "episode" if index < self._files_from else "local"

    def content(self, index: int) -> Content:
        """The content itself."""
        if index < self.tracks:
            return self.track(index)
        if index < self._files_from:
            return self._episode(index - self.tracks)
        if index < self.replacements_from:
            return self._local(index - self._files_from)
        track = self.track(index - self.replacements_from)
        # Sold wherever the other is not, and where it is.
        return replace(track, id=track.replacement or track.id, markets=EVERYWHERE, replacement=None)

    def pick(self, random: Random) -> int:
        """A track, popular ones more often: the number of a track is its rank.

        The share falls as rank^-0.55, but for the first of 50, of which people know each as well as the others.
        """
        place = random.random() ** 2.2
        return int(self.tracks * (place if place > _HITS else _HITS * random.random()))

    def recorded(self, form: int) -> bytes:
        """Nothing here was recorded."""
        raise IndexError(form)

    def draw(self, kind: str, index: int) -> bytes:
        """The 32 bytes from which everything about an object is drawn."""
        return blake2b(b"%d %b %d" % (self.seed, kind.encode(), index), digest_size=32).digest()

    def track(self, index: int) -> Track:
        """A track that is not a replacement for another."""
        draw, layout = self.draw("t", index), self.layout
        place = layout.place(index)
        album_number, position = layout.album(place)
        disc_number, track_number = layout.numbering(album_number, position)
        fate = _fate(draw)
        track_id = ids.make(self.seed, "track", index)
        if fate < 200:
            # With an album of its own, which no other track has: else one album would be there and taken down at once.
            return _taken_down(track_id, ids.make(self.seed, "album", layout.albums + index), disc_number, track_number)
        markets = _markets(fate, draw[22])
        artists = self._artists(album_number, place, visited=draw[26] < 40)
        return Track(
            id=track_id,
            name=self._title(draw, album_number, artists),
            album=self.album(album_number),
            artists=artists,
            disc_number=disc_number,
            track_number=track_number,
            duration_ms=95_000 + int.from_bytes(draw[10:12], "big") * 5,
            explicit=draw[12] < 30,
            isrc=_isrc(draw),
            popularity=0 if markets is NOWHERE else max(0, 92 - (index + 1).bit_length() * 6 + draw[13] % 11),
            markets=markets,
            preview_url=None if draw[14] < 250 else f"https://p.scdn.co/mp3-preview/{draw.hex()[:40]}",
            replacement=ids.make(self.seed, "replacement", index) if _is_replaced(fate) else None,
        )

    def _title(self, draw: bytes, album_number: int, artists: tuple[Artist, ...]) -> str:
        """The title with a suffix for guests, remasters and live recordings."""
        title, year = Draw(draw).title(), self.released(album_number).year
        if len(artists) > 1 and draw[27] < 90:
            return f"{title} (feat. {artists[1].name})"
        if year < self.newest.year - 20 and draw[27] < 70:
            return f"{title} - Remastered {max(year + 15, self.newest.year - 17 + draw[28] % 12)}"
        return f"{title} - Live" if draw[27] > 248 else title

    def _artists(self, album: int, place: int, *, visited: bool) -> tuple[Artist, ...]:
        visitor = self.layout.visitor(place)
        if self.layout.is_compilation(album):
            return (self.artist(visitor),)
        own = self.layout.artist(album)
        return (self.artist(own), self.artist(visitor)) if visited and visitor != own else (self.artist(own),)

    def _make_album(self, number: int) -> Album:
        """An album. It is sold where its first track is."""
        draw, layout = self.draw("b", number), self.layout
        places = layout.places(number)
        lead = self.draw("t", layout.track(places.start))
        released = self.released(number)
        precision = "year" if (released.month, released.day) == (1, 1) else "day"
        compiled = layout.is_compilation(number)
        if compiled:
            name = Draw(draw).gathered(released.year)
        else:
            # A single has the name of its song, and so have many EPs and albums.
            name = Draw(lead).title() if len(places) == 1 or draw[25] < 100 else Draw(draw).album()
        return Album(
            id=ids.make(self.seed, "album", number),
            name=f"{name} EP" if len(places) == _EP else name,
            type="compilation" if compiled else "album" if layout.is_long(number) else "single",
            artists=(VARIOUS,) if compiled else (self.artist(layout.artist(number)),),
            release_date=str(released.year) if precision == "year" else str(released),
            precision=precision,
            total_tracks=len(places),
            cover=draw.hex()[-24:],
            markets=_markets(_fate(lead), lead[22]),
        )

    def _make_artist(self, number: int) -> Artist:
        return Artist(ids.make(self.seed, "artist", number), stage_name(self.seed, number))

    def released(self, album: int) -> date:
        """The day of an album; the first of January where only the year is known."""
        draw = self.draw("b", album)
        day = self.newest.date() - timedelta(days=album_age(draw))
        return day.replace(month=1, day=1) if day.year < self.newest.year - 36 and draw[22] < 128 else day

    @cached_property
    def releases(self) -> Releases:
        """The times of release."""
        return Releases(self)

    def _episode(self, number: int) -> Episode:
        draw = self.draw("e", number)
        title = Draw(draw).title()
        show_number, place = divmod(number, EPISODES_OF_A_SHOW)
        beginning = self.draw("s", show_number)
        first = date(self.newest.year - 10 + beginning[15] % 9, 1 + beginning[16] % 12, 1 + beginning[17] % 28)
        return Episode(
            id=ids.make(self.seed, "episode", number),
            name=f"#{place + 1}: {title}",
            description=f"In this episode we talk about {title} & more. Hosted by nobody. See harbor.example/privacy.",
            duration_ms=600_000 + int.from_bytes(draw[10:13], "big") % 5_400_000,
            explicit=draw[12] < 30,
            release_date=str(first + timedelta(weeks=place)),
            cover=draw.hex()[-24:],
            show=self.show(show_number),
        )

    def show(self, number: int) -> Show:
        """A podcast of up to 20 episodes, one a week."""
        draw = self.draw("s", number)
        name = Draw(draw).show()
        return Show(
            id=ids.make(self.seed, "show", number),
            name=name,
            publisher=Draw(draw).of(PUBLISHERS, 10),
            description=f"{name}: a podcast about what matters <most>.",
            explicit=draw[12] < 60,
            language=LANGUAGES[draw[13] % len(LANGUAGES)],
            total_episodes=len(self.episodes_of(number)),
            cover=draw.hex()[-24:],
            markets=EVERYWHERE if draw[14] < 200 else VARIANTS[draw[14] % len(VARIANTS)],
        )

    def episodes_of(self, show_number: int) -> range:
        """The numbers of a podcast's episodes, in order."""
        start = self.tracks + show_number * EPISODES_OF_A_SHOW
        return range(start, min(start + EPISODES_OF_A_SHOW, self.tracks + self.episodes))

    def _local(self, number: int) -> LocalFile:
        artist, album, title = TAGS[number % len(TAGS)]
        draw = self.draw("l", number)
        name = title if number < len(TAGS) else f"{title} {number}"
        return LocalFile(artist, album, name, 60 + draw[0])


def _fate(draw: bytes) -> int:
    return int.from_bytes(draw[20:22], "big")


def _is_replaced(fate: int) -> bool:
    return 2000 <= fate < 4000


def _markets(fate: int, variant: int) -> Markets:
    if fate < 900:
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


def _taken_down(track_id: str, album_id: str, disc_number: int, track_number: int) -> Track:
    """A track that is gone, as recorded in 2024: an object whose names are empty, on a single."""
    nobody = (Artist(VARIOUS.id, ""),)
    album = Album(album_id, "", "single", (VARIOUS,), "0000", "year", 1, None, NOWHERE)
    return Track(track_id, "", album, nobody, disc_number, track_number, 0, False, None, 0, NOWHERE)
