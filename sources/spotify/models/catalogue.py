"""Answers about objects of the catalogue by id, one or several, in full.

Fields are those of https://developer.spotify.com/documentation/web-api/reference/get-an-album and related pages; all
of them may be missing, since apps in development mode get fewer.
"""

from msgspec import UNSET, Raw, Struct, UnsetType

from schemas.catalogue import albums, artists
from sources.spotify.models.answers import (
    Album,
    Artist,
    Copyright,
    ExternalIds,
    ExternalUrls,
    Followers,
    Image,
    Int,
    Item,
    Restrictions,
    ResumePoint,
    Show,
)
from sources.spotify.models.library import Audiobook
from sources.spotify.models.measured import Measured, measured
from sources.spotify.models.raw_json import WithMarkets


class FullArtist(Artist, gc=False):
    """An artist by itself."""

    popularity: Int | None = None
    followers: Followers | None = None
    genres: list[str | None] | UnsetType | None = UNSET
    images: list[Image | None] | UnsetType | None = UNSET

    @property
    def is_full(self) -> bool:
        """Whether it is described; it is not once it was taken down."""
        return bool(self.id and self.name)

    @property
    def measured(self) -> Measured | None:
        """How popular it is and how many follow, unless it was taken down."""
        followers = self.followers.total if self.followers is not None else None
        return measured("artist", self.id, artists.popularity(self), followers) if self.name else None


class ListedTrack(Item, gc=False):
    """A track as its album lists it: without the album, codes (ISRC) and popularity."""

    @property
    def is_full(self) -> bool:
        """Always false."""
        return False


class TracksPage(Struct, gc=False):
    """A page of an album's tracks."""

    items: list[ListedTrack | None] | None = None
    total: Int | None = None


class FullAlbum(Album, gc=False):
    """An album by itself, with the first page of its tracks."""

    label: str | None = None
    popularity: Int | None = None
    external_ids: ExternalIds | None = None
    copyrights: list[Copyright | None] | UnsetType | None = UNSET
    tracks: TracksPage | None = None

    @property
    def is_full(self) -> bool:
        """Whether it is described; it is not once it was taken down."""
        return bool(self.id and self.name)

    @property
    def measured(self) -> Measured | None:
        """How popular it is, unless it was taken down."""
        return measured("album", self.id, albums.popularity(self)) if self.name else None

    @property
    def listed(self) -> list[ListedTrack | None] | UnsetType:
        """All of its tracks in order, if they are here."""
        page = self.tracks
        if page is None or page.items is None or page.total is None or len(page.items) < page.total:
            return UNSET
        return page.items


class FullShow(Show, gc=False):
    """A show by itself."""

    @property
    def is_full(self) -> bool:
        """Whether it is described; it is not once it was taken down."""
        return bool(self.id and self.name)


class EpisodesPage(Struct, gc=False):
    """A page of a show's episodes, newest first; those that are gone are null."""

    items: list[Item | None] | None = None
    total: Int | None = None


class DiscographyAlbum(Album, gc=False):
    """An album in the list of an artist's albums."""

    album_group: str | None = None


class DiscographyPage(Struct, gc=False):
    """A page of an artist's albums."""

    items: list[DiscographyAlbum | None] | None = None
    total: Int | None = None


class Chapter(WithMarkets, gc=False):
    """A chapter of an audiobook; its URI is that of an episode."""

    id: str | None = None
    uri: str | None = None
    name: str | None = None
    audiobook: Audiobook | None = None
    chapter_number: Int | None = None
    description: str | None = None
    html_description: str | None = None
    duration_ms: Int | None = None
    explicit: bool | None = None
    release_date: str | None = None
    release_date_precision: str | None = None
    languages: Raw = Raw()
    is_playable: bool | None = None
    available_markets: Raw = Raw()
    audio_preview_url: str | None = None
    resume_point: ResumePoint | None = None
    restrictions: Restrictions | None = None
    href: str | None = None
    external_urls: ExternalUrls | None = None
    images: list[Image | None] | UnsetType | None = UNSET


class ChaptersPage(Struct, gc=False):
    """A page of an audiobook's chapters."""

    items: list[Chapter | None] | None = None
    total: Int | None = None


class FullAudiobook(Audiobook, gc=False):
    """An audiobook by itself, with the first page of its chapters."""

    chapters: ChaptersPage | None = None

    @property
    def is_full(self) -> bool:
        """Whether it is described; it is not once it was taken down."""
        return bool(self.id and self.name)


class SeveralArtists(Struct, gc=False):
    """Artists in the order of their ids, null for unknown ones; also the related artists of another."""

    artists: list[FullArtist | None] | None = None


class SeveralAlbums(Struct, gc=False):
    """Albums in the order of their ids, null for unknown ones."""

    albums: list[FullAlbum | None] | None = None


class SeveralTracks(Struct, gc=False):
    """Tracks in the order of their ids, null for unknown ones; also an artist's most popular ones."""

    tracks: list[Item | None] | None = None


class SeveralShows(Struct, gc=False):
    """Shows in the order of their ids, null for unknown ones."""

    shows: list[FullShow | None] | None = None


class SeveralEpisodes(Struct, gc=False):
    """Episodes in the order of their ids, null for unknown ones."""

    episodes: list[Item | None] | None = None


class SeveralAudiobooks(Struct, gc=False):
    """Audiobooks in the order of their ids, null for unknown ones and for those that are not sold in the market."""

    audiobooks: list[FullAudiobook | None] | None = None
