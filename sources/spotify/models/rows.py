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
