"""Answers about a user's top items and followed artists.

https://developer.spotify.com/documentation/web-api/reference/get-users-top-artists-and-tracks and
https://developer.spotify.com/documentation/web-api/reference/get-followed
"""

from msgspec import Struct

from sources.spotify.models.answers import Int, Item
from sources.spotify.models.catalogue import FullArtist


class TopArtistsPage(Struct, gc=False):
    """A page of the artists whom a user likes most."""

    items: list[FullArtist | None] | None = None
    limit: Int | None = None
    next: str | None = None
    offset: Int | None = None
    total: Int | None = None


class TopTracksPage(Struct, gc=False):
    """A page of the tracks that a user likes most."""

    items: list[Item | None] | None = None
    limit: Int | None = None
    next: str | None = None
    offset: Int | None = None
    total: Int | None = None


class Cursors(Struct, gc=False):
    """Where the next page begins."""

    after: str | None = None


class FollowedPage(Struct, gc=False):
    """A page of followed artists; the next one begins after the last artist of this one."""

    items: list[FullArtist | None] | None = None
    limit: Int | None = None
    next: str | None = None
    cursors: Cursors | None = None
    total: Int | None = None


class Following(Struct, gc=False):
    """What a user follows."""

    artists: FollowedPage | None = None
