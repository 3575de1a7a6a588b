"""Which album a generated track is on and who plays on it: arithmetic that can be read in both directions.

A track's number is its rank. Tracks stand in *places*, a shuffle of the ranks; albums are ranges of places, artists are
ranges of albums, and guest artists are at places in a fixed step. So albums and artists are computed from tracks, and
tracks from them, and a world of a million tracks needs no table for either.
"""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

# Singles, an LP, an EP, a single, another LP: how every 32 consecutive places make 7 albums.
_SIZES = (1, 1, 12, 4, 1, 10, 3)
_STARTS = (0, *accumulate(_SIZES))
_PERIOD = _STARTS[-1]
_ALBUMS_OF_AN_ARTIST = 3

# Every 13th of the long albums is a compilation.
_COMPILATION_CYCLE = 13 * len(_SIZES)
_COMPILATIONS = (23, 61)

_TWO_DISCS = 12
_SIDE = 6


class Layout:
    """How the tracks of a world make albums and artists.

    Attributes:
        tracks: How many tracks there are, at least one.
        albums: How many albums they make; the last one may be cut short.
        artists: How many artists play on them, "Various Artists" not counted.
    """

    def __init__(self, seed: int, tracks: int) -> None:
        self.tracks = tracks
        cycles, rest = divmod(tracks, _PERIOD)
        self.albums = cycles * len(_SIZES) + sum(start < rest for start in _STARTS[:-1])
        self.artists = tracks // 8 + 1
        self._shift = seed
        # Neighbours in an album are far apart in rank. A prime steps through every number that is not its multiple.
        self._rank_step = _coprime(7919, tracks)
        self._rank_back = pow(self._rank_step, -1, tracks)
        self._visitor_step = _coprime(104_729, self.artists)
        self._visitor_back = pow(self._visitor_step, -1, self.artists)

    def place(self, track: int) -> int:
        """The place of a track."""
        return (track * self._rank_step + self._shift) % self.tracks

    def track(self, place: int) -> int:
        """The track at a place."""
        return (place - self._shift) * self._rank_back % self.tracks

    def album(self, place: int) -> tuple[int, int]:
        """The album at a place, and how many of its tracks come before."""
        cycle, rest = divmod(place, _PERIOD)
        number = bisect_right(_STARTS, rest) - 1
        return cycle * len(_SIZES) + number, rest - _STARTS[number]

    def places(self, album: int) -> range:
        """The places of an album, in the order of its tracks."""
        cycle, number = divmod(album, len(_SIZES))
        start = cycle * _PERIOD + _STARTS[number]
        return range(start, min(start + _SIZES[number], self.tracks))

    def numbering(self, album: int, position: int) -> tuple[int, int]:
        """The disc of a track and its number on it; of the longest albums every third has two discs."""
        if len(self.places(album)) == _TWO_DISCS and album // len(_SIZES) % 3 == 1:
            disc, position = divmod(position, _SIDE)
            return disc + 1, position + 1
        return 1, position + 1

    def is_long(self, album: int) -> bool:
        """Whether an album is an LP rather than a single or an EP."""
        return _SIZES[album % len(_SIZES)] > 6

    def is_compilation(self, album: int) -> bool:
        """Whether an album gathers tracks of various artists."""
        return album % _COMPILATION_CYCLE in _COMPILATIONS

    def compilations(self) -> Iterator[int]:
        """All albums of various artists."""
        for start in range(0, self.albums, _COMPILATION_CYCLE):
            yield from (start + place for place in _COMPILATIONS if start + place < self.albums)

    def artist(self, album: int) -> int:
        """The artist of an album that is no compilation."""
        return album // _ALBUMS_OF_AN_ARTIST

    def own_albums(self, artist: int) -> list[int]:
        """The albums of an artist."""
        first = artist * _ALBUMS_OF_AN_ARTIST
        albums = range(first, min(first + _ALBUMS_OF_AN_ARTIST, self.albums))
        return [album for album in albums if not self.is_compilation(album)]

    def visitor(self, place: int) -> int:
        """The guest artist at a place, who is not the album's artist."""
        return (place * self._visitor_step + self._shift) % self.artists

    def visits(self, artist: int) -> range:
        """The places at which an artist is the guest; about eight."""
        first = (artist - self._shift) * self._visitor_back % self.artists
        return range(first, self.tracks, self.artists)


def _coprime(prime: int, number: int) -> int:
    return prime if number % prime else 1
