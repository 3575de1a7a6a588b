"""What the Web API answers, as typed objects.

Unknown fields are ignored and every field may be null or missing, because recorded answers show nearly
every one of them so at some time. The fields are those of
https://developer.spotify.com/documentation/web-api/reference/get-playlist
"""

from datetime import datetime
from typing import Annotated, TypeVar

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

T = TypeVar("T")

Int = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
"""A whole number that fits a column of 64 bits; JSON's may be of any size."""


class ExternalUrls(Struct, gc=False):
    """Links for people."""

    spotify: str | None = None


class ExternalIds(Struct, gc=False):
    """Codes of the trade."""

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


class User(Struct, gc=False):
    """An owner, or who added an entry (then without `display_name`)."""

    id: str | None = None
    display_name: str | None = None
    uri: str | None = None
    href: str | None = None
    external_urls: ExternalUrls | None = None


class Artist(Struct, gc=False):
    """An artist as credited; of a local file only the name."""

    id: str | None = None
    uri: str | None = None
    name: str | None = None
    href: str | None = None
    external_urls: ExternalUrls | None = None


class Album(Struct, gc=False):
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


class Copyright(Struct, gc=False):
    """A copyright line."""

    text: str | None = None
    type: str | None = None


class Show(Struct, gc=False):
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


class Item(Struct, gc=False):
    """A track or an episode, or a kind to come; `type` tells which.

    One class for both, because an answer without `additional_types` dresses episodes up as tracks and
    because everything may be missing anyway. Beware: `track` and `episode` inside it are booleans.
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


class UnknownItem(Item, gc=False):
    """An item of a kind that has no table, with its JSON."""

    body: str = ""


class Thumbnail(Struct, gc=False):
    """The picture of a video entry."""

    url: str | None = None


class Entry(Struct, gc=False):
    """A place on a playlist: `item` in the API of 2026, `track` before, both in between."""

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
        """The API's `type`, not what its URI looks like: a chapter's is that of an episode. Null where none is told.

        Where an answer has no `type`, its truth values tell it, and local files are tracks.
        """
        content = self.content
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
        return self.content if self.item_type == "track" else None

    @property
    def as_episode(self) -> Item | None:
        """The content if it is an episode."""
        return self.content if self.item_type == "episode" else None

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


class Followers(Struct, gc=False):
    """How many follow."""

    total: Int | None = None


class Playlist(Struct, gc=False):
    """A playlist: `items` in the API of 2026, `tracks` before, neither where contents are withheld."""

    id: str | None = None
    uri: str | None = None
    name: str | None = None
    description: str | None = None
    owner: User | None = None
    public: bool | None = None
    collaborative: bool | None = None
    snapshot_id: str | None = None
    followers: Followers | None = None
    external_urls: ExternalUrls | None = None
    href: str | None = None
    primary_color: str | None = None
    images: list[Image | None] | UnsetType | None = UNSET
    items: EntriesPage | UnsetType | None = UNSET
    tracks: EntriesPage | UnsetType | None = UNSET

    @property
    def is_spotifys(self) -> bool:
        """Whether it is one of Spotify's own, whose snapshot_id says nothing about its contents."""
        return self.owner is not None and self.owner.id == "spotify"

    @property
    def contents(self) -> EntriesPage | None:
        """The first page of entries, or what a list says of it; null where contents are withheld."""
        if isinstance(self.items, EntriesPage):
            return self.items
        return self.tracks if isinstance(self.tracks, EntriesPage) else None


class PlaylistsPage(Struct, gc=False):
    """A page of a user's playlists; hidden ones are null. Its `href` names the user, whose id nothing else tells."""

    href: str | None = None
    items: list[Playlist | None] | None = None
    limit: Int | None = None
    next: str | None = None
    offset: Int | None = None
    total: Int | None = None


class Token(Struct, gc=False):
    """An answer of the token endpoint."""

    access_token: str
    expires_in: Annotated[float, Meta(ge=0, le=1e308)] = 3600
    refresh_token: str | None = None
    scope: str | None = None

    def __repr__(self) -> str:
        """Without the secrets."""
        return f"Token(expires_in={self.expires_in})"


class Problem(Struct, gc=False):
    """What the Web API says about a request that it refuses."""

    message: str | None = None


class Refusal(Struct, gc=False):
    """An answer with a status other than 200."""

    error: Problem | None = None


class TokenRefusal(Struct, gc=False):
    """A refusal of the token endpoint: https://www.rfc-editor.org/rfc/rfc6749#section-5.2."""

    error: str = ""
    error_description: str | None = None


class SeenPlaylist(Struct, gc=False):
    """What a row of `playlists` is made from: the object, and what this run found out about it."""

    playlist: Playlist
    seen_at: datetime | None
    snapshot_id: str | None = None
    followers_total: int | None = None
    items_total: int | None = None
    access: str | None = None
    read_at: datetime | None = None
    in_library: bool | None = None
    left_at: datetime | None = None


class Description(Struct, frozen=True, gc=False):
    """What a row of `playlist_descriptions` is made from."""

    playlist_id: str
    observed_at: datetime
    name: str | None = None
    description: str | None = None
    owner_id: str | None = None
    public: bool | None = None
    collaborative: bool | None = None
    followers_total: int | None = None
    items_total: int | None = None
    in_library: bool | None = None


class Listing(Struct, frozen=True, gc=False):
    """What a row of `playlist_listings` is made from."""

    user_id: str
    playlist_id: str
    observed_at: datetime
    state: str


class Addition(Struct, gc=False):
    """What a row of `playlist_additions` is made from."""

    playlist_id: str
    item_key: int
    added_at: datetime | None
    added_by_id: str | None
    item_uri: str | None
    item_type: str | None
    track_id: str | None
    episode_id: str | None
    is_local: bool | None
    primary_color: str | None
    video_thumbnail_url: str | None
    observed_at: datetime


class AdditionAuthor(Struct, gc=False):
    """What a row of `playlist_addition_authors` is made from."""

    playlist_id: str
    item_key: int
    observed_at: datetime
    added_by_id: str


class PlaylistRead(Struct, gc=False):
    """What a row of `playlist_reads` is made from."""

    run_id: str
    playlist_id: str
    outcome: str
    started_at: datetime
    finished_at: datetime
    user_id: str | None = None
    snapshot_id: str | None = None
    requests: int = 0
    items: int | None = None
    new_items: int = 0
    removed_items: int = 0
    message: str | None = None
    # Not a column: withheld from an app that may only see what its user follows, which is no failure.
    withheld: bool = False


class RunRecord(Struct, gc=False):
    """What a row of `runs` is made from."""

    run_id: str
    started_at: datetime
    version: str
    client_id: str | None = None
    user_id: str | None = None
    finished_at: datetime | None = None
    exit_code: int = 0
    outcome: str = "done"
    playlists: int = 0
    unchanged: int = 0
    read: int = 0
    failed: int = 0
    requests: int = 0
    new_items: int = 0
    removed_items: int = 0
    hidden_playlists: int | None = None
    resume_at: datetime | None = None
    message: str | None = None
    unknown_fields: str | None = None


class News(Struct, gc=False):
    """What a person wants to be told at once, although nothing went wrong.

    Attributes:
        playlist_id: the playlist.
        name: its name, or else its id.
        event: `left` (the library) or `emptied`.
        items: how many there were on it, as far as is known.
        message: the same in a sentence.
    """

    playlist_id: str
    name: str
    event: str
    items: int | None
    message: str


class Cover(Struct, gc=False):
    """What a row of `covers` is made from."""

    sha256: str
    content_type: str
    size: int
    width: int | None
    height: int | None
    data: bytes
    first_seen_at: datetime


class PlaylistCover(Struct, gc=False):
    """What a row of `playlist_covers` is made from."""

    playlist_id: str
    observed_at: datetime
    cover_sha256: str | None
    thumbnail_sha256: str | None


class CoverCheck(Struct, gc=False):
    """What a row of `cover_checks` is made from."""

    playlist_id: str
    checked_at: datetime
    url: str | None = None
    cover_sha256: str | None = None
    thumbnail_sha256: str | None = None
    message: str | None = None


class Snapshot(Struct, gc=False):
    """What a row of `playlist_snapshots` is made from."""

    playlist_id: str
    snapshot_id: str
    observed_at: datetime
    item_keys: list[int]
    item_count: int
    moved_keys: list[int]


def decode(body: bytes, type_: type[T], *, strict: bool = True) -> T:
    """An answer's JSON as an object.

    Args:
        body: the JSON.
        type_: of the object.
        strict: whether numbers and truth values must not come as text, or with a point and nothing behind it.

    Raises:
        msgspec.ValidationError: it is JSON, but not of this shape.
        msgspec.DecodeError: it is not JSON, not UTF-8, holds half a surrogate pair or nests without end.
    """
    try:
        return msgspec.json.decode(body, type=type_, strict=strict)
    except (UnicodeDecodeError, RecursionError) as error:
        raise msgspec.DecodeError(str(error)) from None
