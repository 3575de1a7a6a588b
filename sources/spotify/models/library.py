"""Answers about a user's library.

https://developer.spotify.com/documentation/web-api/reference/get-users-saved-tracks and its neighbours.
"""

from msgspec import UNSET, Raw, Struct, UnsetType

from sources.spotify.models.answers import Album, Copyright, ExternalUrls, Image, Int, Item, Show


class Named(Struct, gc=False):
    """Who wrote or reads an audiobook."""

    name: str | None = None


class Audiobook(Struct, gc=False):
    """An audiobook as it comes in a user's library; its URI is that of a show."""

    id: str | None = None
    uri: str | None = None
    name: str | None = None
    publisher: str | None = None
    description: str | None = None
    html_description: str | None = None
    edition: str | None = None
    explicit: bool | None = None
    languages: Raw = Raw()
    media_type: str | None = None
    total_chapters: Int | None = None
    available_markets: Raw = Raw()
    href: str | None = None
    external_urls: ExternalUrls | None = None
    authors: list[Named | None] | UnsetType | None = UNSET
    narrators: list[Named | None] | UnsetType | None = UNSET
    images: list[Image | None] | UnsetType | None = UNSET
    copyrights: list[Copyright | None] | UnsetType | None = UNSET


class SavedEntry(Struct, gc=False):
    """Something that a user saved: one of its fields says what."""

    added_at: str | None = None
    track: Item | None = None
    album: Album | None = None
    episode: Item | None = None
    show: Show | None = None


class SavedPage(Struct, gc=False):
    """A page of what a user saved; what is gone is null."""

    items: list[SavedEntry | None] | None = None
    total: Int | None = None


class AudiobooksPage(Struct, gc=False):
    """A page of a user's audiobooks, which carry no time; what is gone is null."""

    items: list[Audiobook | None] | None = None
    total: Int | None = None
