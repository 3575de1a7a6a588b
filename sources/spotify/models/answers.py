"""Answers of the Web API, as typed objects.

Unknown fields are ignored and every field may be null or missing, because in recorded answers nearly every one of them
is, at some time. The fields are those of
https://developer.spotify.com/documentation/web-api/reference/get-playlist
"""

from typing import Annotated

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from schemas.catalogue import tracks
from sources.spotify.models.measured import Measured, measured
from sources.spotify.models.raw_json import WithMarkets

Int = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
"""A whole number that fits a column of 64 bits; JSON's may be of any size."""


class ExternalUrls(Struct, gc=False):
    """Links for people."""

    spotify: str | None = None


class ExternalIds(Struct, gc=False):
    """Codes of the music industry: ISRC, EAN, UPC."""

    isrc: str | None = None
    ean: str | None = None
    upc: str | None = None


class Restrictions(Struct, gc=False):
    """Why something does not play."""

    reason: str | None = None


class Image(Struct, gc=False):
    """A picture; sizes are null for custom covers."""

    url: str | None = None
    height: Int | None = None
    width: Int | None = None


class Followers(Struct, gc=False):
    """How many follow."""

    total: Int | None = None


class User(Struct, gc=False):
    """An owner, or who added an entry (then without `display_name`), or the signed-in user with more about them."""

    id: str | None = None
    display_name: str | None = None
    uri: str | None = None
    href: str | None = None
    external_urls: ExternalUrls | None = None
    account_id: str | None = None
    country: str | None = None
    product: str | None = None
    followers: Followers | None = None
    email: str | None = None

    @property
    def measured(self) -> Measured | None:
        """How many follow, where Spotify says."""
        return measured("user", self.id, None, self.followers.total) if self.followers is not None else None


class Artist(Struct, gc=False):
    """An artist as credited; of a local file only the name."""

    id: str | None = None
    uri: str | None = None
    name: str | None = None
    href: str | None = None
    external_urls: ExternalUrls | None = None

    @property
    def measured(self) -> Measured | None:
        """Numbers come with the artist by itself only."""
        return None


class Album(WithMarkets, gc=False):
    """An album as it comes with a track."""

    id: str | None = None
    uri: str | None = None
    name: str | None = None
    album_type: str | None = None
    total_tracks: Int | None = None
    release_date: str | None = None
    release_date_precision: str | None = None
    restrictions: Restrictions | None = None
    available_markets: Raw = Raw()
    href: str | None = None
    external_urls: ExternalUrls | None = None
    artists: list[Artist | None] | UnsetType | None = UNSET
    images: list[Image | None] | UnsetType | None = UNSET

    @property
    def measured(self) -> Measured | None:
        """Numbers come with the album by itself only."""
        return None


class Copyright(Struct, gc=False):
    """A copyright line."""

    text: str | None = None
    type: str | None = None


class Show(WithMarkets, gc=False):
    """A podcast as it comes with an episode."""

    id: str | None = None
    uri: str | None = None
    name: str | None = None
    publisher: str | None = None
    description: str | None = None
    html_description: str | None = None
    explicit: bool | None = None
    languages: Raw = Raw()
    media_type: str | None = None
    total_episodes: Int | None = None
    is_externally_hosted: bool | None = None
    available_markets: Raw = Raw()
    href: str | None = None
    external_urls: ExternalUrls | None = None
    images: list[Image | None] | UnsetType | None = UNSET
    copyrights: list[Copyright | None] | UnsetType | None = UNSET


class ResumePoint(Struct, gc=False):
    """How far the user has listened."""

    fully_played: bool | None = None
    resume_position_ms: Int | None = None


class Link(Struct, gc=False):
    """The track that was added, where another one plays for it."""

    id: str | None = None
    uri: str | None = None


KINDS = ("track", "episode")
"""Kinds of items that have tables."""


class Item(WithMarkets, gc=False):
    """A track, an episode, or a type that does not exist yet; `type` names it.

    One class for both, because an answer without `additional_types` returns episodes in the shape of tracks, and
    because every field may be missing anyway. `track` and `episode` inside it are booleans.
    """

    type: str | None = None
    track: bool | None = None
    episode: bool | None = None
    id: str | None = None
    uri: str | None = None
    name: str | None = None
    duration_ms: Int | None = None
    explicit: bool | None = None
    is_playable: bool | None = None
    restrictions: Restrictions | None = None
    available_markets: Raw = Raw()
    href: str | None = None
    external_urls: ExternalUrls | None = None
    # tracks
    album: Album | None = None
    artists: list[Artist | None] | UnsetType | None = UNSET
    disc_number: Int | None = None
    track_number: Int | None = None
    is_local: bool | None = None
    external_ids: ExternalIds | None = None
    popularity: Int | None = None
    preview_url: str | None = None
    linked_from: Link | None = None
    # episodes
    show: Show | None = None
    description: str | None = None
    html_description: str | None = None
    release_date: str | None = None
    release_date_precision: str | None = None
    language: str | None = None
    languages: Raw = Raw()
    is_externally_hosted: bool | None = None
    audio_preview_url: str | None = None
    resume_point: ResumePoint | None = None
    images: list[Image | None] | UnsetType | None = UNSET

    @property
    def is_full(self) -> bool:
        """Whether it is described: yes, except in its album's list of tracks and after it was taken down."""
        return bool(self.id and self.name)

    @property
    def measured(self) -> Measured | None:
        """How popular it is, unless it was taken down; episodes have no such number."""
        return measured("track", self.id, tracks.popularity(self)) if self.name else None


class UnknownItem(Item, gc=False):
    """An item of a kind that has no table, with its JSON."""

    body: str = ""


class Thumbnail(Struct, gc=False):
    """The picture of a video entry."""

    url: str | None = None


class Entry(Struct, gc=False):
    """An entry of a playlist. Its content is in `item` in the API of 2026, in `track` before, in both in between."""

    added_at: str | None = None
    added_by: User | None = None
    is_local: bool | None = None
    primary_color: str | None = None
    video_thumbnail: Thumbnail | None = None
    item: Item | UnsetType | None = UNSET
    track: Item | UnsetType | None = UNSET

    @property
    def content(self) -> Item | None:
        """The track or episode, or null where it is gone."""
        if isinstance(self.item, Item):
            return self.item
        return self.track if isinstance(self.track, Item) else None

    @property
    def added_by_id(self) -> str | None:
        """Who added it, where Spotify says."""
        return (self.added_by.id or None) if self.added_by is not None else None

    @property
    def item_type(self) -> str | None:
        """The API's `type`, not what its URI looks like: a chapter's is that of an episode. Null where there is none.

        Where an answer has no `type`, it follows from its flags, and local files are tracks.
        """
        return self.type_of(self.content)

    def type_of(self, content: Item | None) -> str | None:
        """The same, for a caller that has the content already."""
        if content is None:
            return None
        if content.type:
            return content.type
        if content.episode:
            return "episode"
        return "track" if content.track or content.is_local or self.is_local else None

    @property
    def as_track(self) -> Item | None:
        """The content if it is a track."""
        content = self.content
        return content if self.type_of(content) == "track" else None

    @property
    def as_episode(self) -> Item | None:
        """The content if it is an episode."""
        content = self.content
        return content if self.type_of(content) == "episode" else None

    @property
    def as_unknown(self) -> UnknownItem | None:
        """The content if there is no table for its kind."""
        content = self.content
        return content if isinstance(content, UnknownItem) else None


class EntriesPage(Struct, gc=False):
    """A page of entries; in a list of playlists only `href` and `total`."""

    href: str | None = None
    items: list[Entry | None] | None = None
    limit: Int | None = None
    next: str | None = None
    offset: Int | None = None
    total: Int | None = None
