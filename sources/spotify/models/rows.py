"""Inputs of rows that are not answers of the API: the findings of a run."""

from datetime import datetime

from msgspec import Struct

from sources.spotify.models.playlists import Playlist


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
    doubted: str | None = None
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


class WriteRecord(Struct, gc=False):
    """What a row of `writes` is made from."""

    write_id: str
    started_at: datetime
    operation: str
    finished_at: datetime | None = None
    user_id: str | None = None
    playlist_id: str | None = None
    requests: int = 0
    snapshot_before: str | None = None
    snapshot_after: str | None = None
    outcome: str = "done"
    message: str | None = None


class News(Struct, gc=False):
    """News for people that is no error: a playlist that left the library or was emptied.

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


class Change(Struct):
    """How a playlist differs from the state that was stored before, for people.

    Attributes:
        playlist_id: the playlist.
        items: how many are on it now.
        new_items: how many came.
        removed_items: how many went.
        moved_items: how many have another place than their neighbours tell.
        is_first: whether it was never read before.
        added: titles of some that came.
        removed: titles of some that went.
        removed_uris: the URIs of the removed items.
    """

    playlist_id: str
    items: int
    new_items: int
    removed_items: int
    moved_items: int
    is_first: bool
    added: list[str] = []
    removed: list[str] = []
    removed_uris: list[str] = []


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


class SavedAddition(Struct, gc=False):
    """What a row of `saved_additions` is made from."""

    user_id: str
    collection: str
    item_key: int
    added_at: datetime | None
    item_uri: str | None
    item_type: str
    item_id: str | None
    observed_at: datetime


class SavedSnapshot(Struct, gc=False):
    """What a row of `saved_snapshots` is made from."""

    user_id: str
    collection: str
    observed_at: datetime
    item_keys: list[int]
    item_count: int
    moved_keys: list[int]


class Play(Struct, gc=False):
    """What a row of `plays` from the API is made from."""

    user_id: str
    play_key: int
    played_at: datetime
    item_uri: str | None
    item_type: str | None
    item_name: str | None
    artist_name: str | None
    album_name: str | None
    context_uri: str | None
    context_type: str | None
    run_id: str
    observed_at: datetime
    source: str = "api"
    played_at_precision: str = "millisecond"
    ms_played: int | None = None
    reason_start: str | None = None
    reason_end: str | None = None
    shuffle: bool | None = None
    skipped: bool | None = None
    offline: bool | None = None
    offline_at: datetime | None = None
    platform: str | None = None
    country: str | None = None
    incognito: bool | None = None


class CatalogueRead(Struct, gc=False):
    """What a row of `catalogue_reads` is made from."""

    subject: str
    item_id: str
    read_at: datetime
    outcome: str
    items: int | None = None


class TrackAnalysis(Struct, gc=False):
    """What a row of `audio_analyses` is made from."""

    track_id: str
    analysis: str


class ArtistAlbum(Struct, gc=False):
    """What a row of `artist_albums` is made from."""

    artist_id: str
    album_id: str
    album_group: str | None
    first_seen_at: datetime


class RankedList(Struct, gc=False):
    """What a row of `ranked_lists` is made from."""

    name: str
    subject: str
    user_id: str
    observed_at: datetime
    item_uris: list[str | None]
    item_count: int


class ResourceRead(Struct, gc=False):
    """What a row of `resource_reads` is made from."""

    run_id: str
    resource: str
    subject: str
    user_id: str | None
    outcome: str
    started_at: datetime
    finished_at: datetime
    is_whole: bool = False
    requests: int = 0
    items: int | None = None
    new_items: int = 0
    removed_items: int = 0
    message: str | None = None
    # Not a column: the user may consent to it, which an app's rights do not change.
    lacks_scope: bool = False
    # Not a column: read besides what was asked for, so that it is not missed where it may not be read.
    is_extra: bool = False
