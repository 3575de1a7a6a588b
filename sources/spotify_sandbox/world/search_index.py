"""The search index: case-folded names of tracks, albums, artists, podcasts and audiobooks, cached."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from sources.spotify_sandbox.world.contents import Audiobook, Performer, Release, Show
from sources.spotify_sandbox.world.search_query import folded

if TYPE_CHECKING:
    from sources.spotify_sandbox.world.works import Works

LOOKED_THROUGH = 10_000
"""Maximum number of objects of each kind in the index; of tracks the most popular."""


@dataclass(frozen=True, slots=True)
class TrackNames:
    """A track in the search index; ``name`` and the others are folded."""

    number: int
    name: str
    album: str
    artists: str
    released: str | None
    isrc: str


@dataclass(frozen=True, slots=True)
class Names:
    """Another object in the search index: its name, and the text in which words are searched; both folded."""

    name: str
    text: str


class SearchIndex:
    """The names of everything in a catalogue that can be searched, each kind made when it is first searched."""

    def __init__(self, works: "Works") -> None:
        self._works = works

    @cached_property
    def tracks(self) -> list[TrackNames]:
        """Tracks, the most popular first."""
        numbers = self._works.every_track()[:LOOKED_THROUGH]
        tracks = ((number, self._works.track(number)) for number in numbers)
        return [
            TrackNames(
                number,
                folded(track.name),
                folded(track.album.name),
                folded(_joined(artist.name for artist in track.artists)),
                track.album.release_date,
                folded(track.isrc or ""),
            )
            for number, track in tracks
            if track.name
        ]

    @cached_property
    def albums(self) -> list[tuple[Names, Release]]:
        """Albums, with the names of their artists."""
        releases = islice(self._works.every_release(), LOOKED_THROUGH)
        return [
            (_names(each.album.name, *(artist.name for artist in each.album.artists)), each)
            for each in releases
            if each.album.name
        ]

    @cached_property
    def artists(self) -> list[tuple[Names, Performer]]:
        """Artists."""
        return [(_names(each.artist.name), each) for each in islice(self._works.every_performer(), LOOKED_THROUGH)]

    @cached_property
    def shows(self) -> list[tuple[Names, Show]]:
        """Podcasts, with their publishers."""
        return [
            (_names(each.name, each.publisher, each.description), each)
            for each in islice(self._works.every_show(), LOOKED_THROUGH)
        ]

    @cached_property
    def episodes(self) -> list[tuple[Names, int]]:
        """The numbers of episodes, with their descriptions."""
        numbers = self._works.every_episode()[:LOOKED_THROUGH]
        episodes = ((number, self._works.episode(number)) for number in numbers)
        return [(_names(episode.name, episode.description), number) for number, episode in episodes]

    @cached_property
    def audiobooks(self) -> list[tuple[Names, Audiobook]]:
        """Audiobooks, with those who wrote and read them."""
        return [
            (_names(each.name, *each.authors, *each.narrators), each)
            for each in islice(self._works.every_audiobook(), LOOKED_THROUGH)
        ]


def _names(name: str, *others: str) -> Names:
    return Names(folded(name), folded(_joined((name, *others))))


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(parts)
