"""Generates plays: playlists in their order, albums, and saved songs, a few at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

from sources.spotify_sandbox.world.contents import Content, Episode, LocalFile, Track
from sources.spotify_sandbox.world.player import HEARD, Play

if TYPE_CHECKING:
    from sources.spotify_sandbox.world.world import World

_HOUR = 3_600_000
_IN_A_ROW = (3, 12)
_TIRED = 0.12
"""The share of plays that are skipped."""


@dataclass(frozen=True, slots=True)
class Listened:
    """A play: its content, when it ended, how long it was heard, its context (a URI), and whether to its end.

    Times are in milliseconds, of the end since 1970.
    """

    content: int
    ended_at: int
    ms_played: int
    context: str | None
    is_whole: bool

    @property
    def play(self) -> Play:
        """The play as in the player's history."""
        return Play(self.content, self.ended_at, self.context)


@dataclass(frozen=True, slots=True)
class Taste:
    """The listener: the user's id, the numbers of the saved tracks, and the own playlists, favourites first."""

    user_id: str
    liked: Sequence[int]
    playlists: Sequence[str]


def listening(world: "World", taste: Taste, random: Random, since: int, until: int, a_day: float) -> Iterator[Listened]:
    """Plays between two times, in milliseconds since 1970, in a number of sessions a day, oldest first."""
    now = since
    while True:
        now += int(random.expovariate(a_day / (24 * _HOUR)))
        context, contents = _session(world, taste, random, now // 1000)
        for number in contents:
            content = world.content(number)
            whole = heard = length(content)
            if heard > 4 * HEARD and random.random() < _TIRED:
                heard = random.randrange(HEARD, heard)
            now += heard + random.randrange(900)
            if now >= until:
                return
            yield Listened(number, now, heard, context, is_whole=heard == whole)
        if now >= until:
            return


def _session(world: "World", taste: Taste, random: Random, second: int) -> tuple[str | None, list[int]]:
    """The contents of a session at a time, and their context."""
    sort, count = random.random(), random.randint(*_IN_A_ROW)
    if sort < 0.65 and taste.playlists:
        chosen = taste.playlists[int(len(taste.playlists) * random.random() ** 2)]
        if (playlist := world.playlists.get(chosen)) is not None:
            rows = playlist.rows
            there = [number for number, at in zip(rows.contents, rows.added_at, strict=True) if at <= second]
            start = random.randrange(max(1, len(there)))
            return f"spotify:playlist:{chosen}", _heard(world, there[start:], second, count)
    liked = _heard(world, random.sample(taste.liked, min(4 * count, len(taste.liked))), second, count)
    if sort < 0.85 or not liked:
        return f"spotify:user:{taste.user_id}:collection" if liked else None, liked
    content = world.content(liked[0])
    release = world.catalogue.works.release(content.album.id) if isinstance(content, Track) else None
    if release is None:
        return None, liked[:1]
    return f"spotify:album:{release.album.id}", _heard(world, release.tracks, second, count)


def _heard(world: "World", numbers: Sequence[int], second: int, count: int) -> list[int]:
    """The first of some contents that can be played at a time."""
    catalogue = world.catalogue
    tracks = (number for number in numbers if number >= 0 and catalogue.kind(number) == "track")
    return list(islice((number for number in tracks if is_out(world.content(number), second)), count))


def is_out(content: Content, second: int) -> bool:
    """Whether something is sold, and was released at a time."""
    return not isinstance(content, Track) or (bool(content.markets.codes) and came_out(content) <= second)


def came_out(content: Content) -> int:
    """When something was released, in seconds since 1970; 0 if that is not known."""
    if isinstance(content, Track):
        return second_of(content.album.release_date)
    return second_of(content.release_date) if isinstance(content, Episode) else 0


def second_of(day: str | None) -> int:
    """The second in which a day of a release begins, or the first of a month or a year; 0 for none."""
    if day is None or day.startswith("0000"):
        return 0
    return int(datetime.fromisoformat((day + "-01-01")[:10]).replace(tzinfo=UTC).timestamp())


def length(content: Content) -> int:
    """How many milliseconds a content takes; recorded ones, whose length is in their JSON, three minutes."""
    if isinstance(content, Track | Episode):
        return content.duration_ms
    return content.seconds * 1000 if isinstance(content, LocalFile) else 180_000
