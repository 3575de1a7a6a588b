"""The answers that the bare loader reads, as typed objects with the fields that are stored."""

from msgspec import Raw, Struct


class Named(Struct, frozen=True, gc=False):
    """Links, codes, restrictions: all that has a few fields at most."""

    spotify: str | None = None
    isrc: str | None = None
    ean: str | None = None
    upc: str | None = None
    reason: str | None = None
    url: str | None = None
    total: int | None = None
    uri: str | None = None
    fully_played: bool | None = None
    resume_position_ms: int | None = None


class Image(Struct, gc=False):
    """A picture."""

    url: str | None = None
    height: int | None = None
    width: int | None = None


class Person(Struct, gc=False):
    """A user or an artist."""

    id: str | None = None
    uri: str | None = None
    name: str | None = None
    display_name: str | None = None
    href: str | None = None
    external_urls: Named = Named()


class Work(Struct, gc=False):
    """An album or a show."""

    id: str | None = None
    uri: str | None = None
    name: str | None = None
    album_type: str | None = None
    total_tracks: int | None = None
    release_date: str | None = None
    release_date_precision: str | None = None
    restrictions: Named = Named()
    available_markets: Raw = Raw()
    href: str | None = None
    external_urls: Named = Named()
    artists: list[Person] = []
    images: list[Image] = []
    publisher: str | None = None
    description: str | None = None
    html_description: str | None = None
    explicit: bool | None = None
    languages: Raw = Raw()
    media_type: str | None = None
    total_episodes: int | None = None
    is_externally_hosted: bool | None = None


class Item(Struct, gc=False):
    """A track or an episode."""

    type: str | None = None
    id: str | None = None
    uri: str | None = None
    name: str | None = None
    duration_ms: int | None = None
    explicit: bool | None = None
    is_playable: bool | None = None
    is_local: bool | None = None
    restrictions: Named = Named()
    available_markets: Raw = Raw()
    href: str | None = None
    external_urls: Named = Named()
    album: Work | None = None
    artists: list[Person] = []
    disc_number: int | None = None
    track_number: int | None = None
    external_ids: Named = Named()
    popularity: int | None = None
    preview_url: str | None = None
    linked_from: Named = Named()
    show: Work | None = None
    description: str | None = None
    html_description: str | None = None
    release_date: str | None = None
    release_date_precision: str | None = None
    language: str | None = None
    languages: Raw = Raw()
    is_externally_hosted: bool | None = None
    audio_preview_url: str | None = None
    resume_point: Named = Named()
    images: list[Image] = []


class Entry(Struct, gc=False):
    """An entry of a playlist."""

    added_at: str | None = None
    added_by: Person | None = None
    is_local: bool | None = None
    primary_color: str | None = None
    video_thumbnail: Named | None = None
    track: Item | None = None


class Page(Struct, frozen=True, gc=False):
    """Entries."""

    items: list[Entry] = []
    next: str | None = None


class Playlist(Struct, gc=False):
    """A playlist with its first entries."""

    id: str
    uri: str | None = None
    name: str | None = None
    description: str | None = None
    owner: Person | None = None
    public: bool | None = None
    collaborative: bool | None = None
    snapshot_id: str | None = None
    followers: Named | None = None
    external_urls: Named = Named()
    href: str | None = None
    primary_color: str | None = None
    images: list[Image] | None = None
    tracks: Page = Page()


class Listed(Struct, gc=False):
    """A playlist in the list of them."""

    id: str


class List(Struct, gc=False):
    """A page of the list."""

    items: list[Listed] = []
    next: str | None = None
