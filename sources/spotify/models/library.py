"""Answers about a user's audiobooks.

https://developer.spotify.com/documentation/web-api/reference/get-users-saved-audiobooks
"""

from msgspec import UNSET, Raw, Struct, UnsetType

from sources.spotify.models.answers import Copyright, ExternalUrls, Image, Int
from sources.spotify.models.raw_json import WithMarkets


class Named(Struct, gc=False):
    """An author or narrator of an audiobook."""

    name: str | None = None


class Audiobook(WithMarkets, gc=False):
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


class AudiobooksPage(Struct, gc=False):
    """A page of a user's audiobooks, which have no date; null stands for one that is gone."""

    items: list[Audiobook | None] | None = None
    total: Int | None = None
