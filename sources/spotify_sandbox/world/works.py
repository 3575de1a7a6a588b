"""The catalogue objects other than contents of playlists: albums, artists, shows and audiobooks."""

from collections.abc import Iterator, Sequence
from typing import Literal, Protocol

from sources.spotify_sandbox.world.contents import Album, Audiobook, Chapter, Episode, Performer, Release, Show, Track
from sources.spotify_sandbox.world.search_index import SearchIndex

AlbumGroup = Literal["album", "single", "compilation", "appears_on"]
"""The relation of an album to an artist with it in the discography."""

ALBUM_GROUPS: tuple[AlbumGroup, ...] = ("album", "single", "compilation", "appears_on")
"""In the order in which a discography lists them (recorded 2026-02-25)."""


class Works(Protocol):
    """The works of a catalogue. Numbers are those of its contents; everything is generated on demand."""

    search: SearchIndex

    def track(self, number: int) -> Track:
        """The track with a number, before any edit; ``KeyError`` if the content is something else."""

    def episode(self, number: int) -> Episode:
        """The episode with a number, before any edit; ``KeyError`` if the content is something else."""

    def release(self, album_id: str) -> Release | None:
        """The album with an id."""

    def performer(self, artist_id: str) -> Performer | None:
        """The artist with an id."""

    def discography(self, artist_id: str) -> Sequence[tuple[AlbumGroup, Album]]:
        """The albums of an artist by group, in each the latest first; empty for an unknown one."""

    def tracks_by(self, artist_id: str) -> Sequence[int]:
        """The numbers of the tracks on which an artist plays, in any order."""

    def related(self, artist_id: str) -> Sequence[Performer]:
        """Up to 20 artists like another."""

    def show(self, show_id: str) -> Show | None:
        """The podcast with an id."""

    def episodes(self, show: Show) -> Sequence[int]:
        """The numbers of a podcast's episodes, the latest first."""

    def audiobook(self, audiobook_id: str) -> Audiobook | None:
        """The audiobook with an id."""

    def chapters(self, audiobook: Audiobook) -> Sequence[Chapter]:
        """The chapters of an audiobook."""

    def chapter(self, chapter_id: str) -> Chapter | None:
        """The chapter with an id."""

    def every_track(self) -> Sequence[int]:
        """The numbers of all tracks, in the order of search results."""

    def every_episode(self) -> Sequence[int]:
        """The numbers of all episodes."""

    def every_release(self) -> Iterator[Release]:
        """All albums."""

    def every_performer(self) -> Iterator[Performer]:
        """All artists."""

    def every_show(self) -> Iterator[Show]:
        """All podcasts."""

    def every_audiobook(self) -> Iterator[Audiobook]:
        """All audiobooks."""


def by_group(albums: Sequence[tuple[AlbumGroup, Album]]) -> list[tuple[AlbumGroup, Album]]:
    """A discography in its order."""
    latest = sorted(albums, key=lambda pair: pair[1].release_date or "", reverse=True)
    return sorted(latest, key=lambda pair: ALBUM_GROUPS.index(pair[0]))
