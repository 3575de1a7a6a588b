"""The tracks of a history: real names, artists, albums and lengths; what was not observed stays empty."""

from random import Random
from typing import Any

import pyarrow as pa

from sources.spotify_sandbox.world.contents import Album, Artist, Kind, Track
from sources.spotify_sandbox.world.markets import EVERYWHERE
from sources.spotify_sandbox.worlds.observed_works import ObservedWorks

_PREFIX = "spotify:track:"


class HistoryCatalogue:
    """The catalogue of a world loaded from daily observations."""

    def __init__(self, tracks: pa.Table, albums: pa.Table) -> None:
        self._ids: list[str] = _column(tracks, "track_id")
        self._names: list[str] = _column(tracks, "name")
        self._albums: list[str] = _column(tracks, "album_id")
        self._seconds: list[int] = _column(tracks, "duration_s")
        self._artists: list[list[dict[str, str]]] = _column(tracks, "artists")
        self._album_names = dict(zip(_column(albums, "album_id"), _column(albums, "name"), strict=True))
        self._numbers = {track_id: number for number, track_id in enumerate(self._ids)}
        self.works = ObservedWorks(lambda: range(len(self._ids)), self.content)

    def find(self, uri: str) -> int | None:
        """The number of the track with a URI."""
        return self._numbers.get(uri.removeprefix(_PREFIX)) if uri.startswith(_PREFIX) else None

    def uri(self, index: int) -> str:
        """The URI of a track."""
        return _PREFIX + self._ids[index]

    def kind(self, index: int) -> Kind:  # noqa: ARG002
        """Only tracks were observed."""
        return "track"

    def content(self, index: int) -> Track:
        """The track itself. An unknown release date is written as Spotify writes one: year ``0000``."""
        artists = tuple(Artist(artist["artist_id"], artist["name"]) for artist in self._artists[index])
        album_id = self._albums[index]
        return Track(
            id=self._ids[index],
            name=self._names[index],
            album=Album(
                album_id, self._album_names[album_id], "album", artists[:1], "0000", "year", 1, None, EVERYWHERE
            ),
            artists=artists,
            disc_number=1,
            track_number=1,
            duration_ms=self._seconds[index] * 1000,
            explicit=False,
            isrc=None,
            popularity=0,
            markets=EVERYWHERE,
        )

    def pick(self, random: Random) -> int:
        """Any track."""
        return random.randrange(len(self._ids))

    def recorded(self, form: int) -> bytes:
        """Nothing here was recorded as JSON."""
        raise IndexError(form)


def _column(table: pa.Table, name: str) -> list[Any]:
    return table[name].to_pylist()
