"""When the tracks and episodes of a generated catalogue were released, and which were out at a time."""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sources.spotify_sandbox.worlds.generated_catalogue import GeneratedCatalogue

_TRIES = 6


def album_age(draw: bytes) -> int:
    """The age of an album in days: a fifth are up to half a year old, a third up to eight years, the rest up to 50."""
    part, share = draw[21], int.from_bytes(draw[23:25], "big") / 65_536
    if part < 51:
        return int(182 * share)
    if part < 140:
        return 182 + int(2_740 * share)
    return 2_922 + int(17_000 * share**2)


class Releases:
    """Of each track of a catalogue the second since 1970 in which it came out, at midnight of that day."""

    def __init__(self, catalogue: "GeneratedCatalogue") -> None:
        self._catalogue = catalogue
        self._albums = array("q", (_second(catalogue.released(album)) for album in range(catalogue.layout.albums)))

    def of(self, number: int) -> int:
        """When a track or an episode came out; 0 for a file."""
        catalogue = self._catalogue
        kind = catalogue.kind(number)
        if kind == "track":
            rank = number if number < catalogue.tracks else number - catalogue.replacements_from
            return self._albums[catalogue.layout.album(catalogue.layout.place(rank))[0]]
        if kind == "episode":
            return _second(date.fromisoformat(catalogue.works.episode(number).release_date))
        return 0

    def pick(self, random: Random, second: int) -> int:
        """A random track that was released by a time, popular ones more often."""
        for _ in range(_TRIES):
            number = self._catalogue.pick(random)
            if self.of(number) <= second:
                return number
        out = bisect_right(self._seconds, second)
        # Nothing was released that early: the oldest one.
        return self._in_order[random.randrange(out) if out else 0]

    def between(self, since: int, until: int) -> Sequence[int]:
        """The tracks that came out after a time and until another, the earliest first."""
        return self._in_order[bisect_right(self._seconds, since) : bisect_right(self._seconds, until)]

    @cached_property
    def _in_order(self) -> list[int]:
        return sorted(range(self._catalogue.tracks), key=self.of)

    @cached_property
    def _seconds(self) -> list[int]:
        return list(map(self.of, self._in_order))


def _second(day: date) -> int:
    return (day - _EPOCH).days * 86_400


_EPOCH = date(1970, 1, 1)
