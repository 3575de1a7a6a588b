"""Answers with lists that Spotify makes: search results and browsing.

https://developer.spotify.com/documentation/web-api/reference/search and, for browsing,
https://developer.spotify.com/documentation/web-api/reference/get-new-releases and related pages.
"""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from sources.spotify.models.answers import Album, Image, Int, Item, Show
from sources.spotify.models.catalogue import FullArtist
from sources.spotify.models.library import Audiobook
from sources.spotify.models.playlists import PlaylistsPage


class ListPage(Struct, gc=False):
    """A page of a list; hidden elements are null."""

    href: str | None = None
    limit: Int | None = None
    next: str | None = None
    offset: Int | None = None
    total: Int | None = None


class ItemsPage(ListPage, gc=False):
    """A page of tracks or of episodes."""

    items: list[Item | None] | None = None


class ArtistsPage(ListPage, gc=False):
    """A page of artists."""

    items: list[FullArtist | None] | None = None


class AlbumsPage(ListPage, gc=False):
    """A page of albums."""

    items: list[Album | None] | None = None


class ShowsPage(ListPage, gc=False):
    """A page of shows."""

    items: list[Show | None] | None = None


class FoundAudiobooksPage(ListPage, gc=False):
    """A page of audiobooks."""

    items: list[Audiobook | None] | None = None


class SearchResults(Struct, gc=False):
    """What a search finds: a page of each type that was asked for."""

    tracks: ItemsPage | None = None
    artists: ArtistsPage | None = None
    albums: AlbumsPage | None = None
    playlists: PlaylistsPage | None = None
    shows: ShowsPage | None = None
    episodes: ItemsPage | None = None
    audiobooks: FoundAudiobooksPage | None = None


class Category(Struct, gc=False):
    """A category of browsing."""

    id: str | None = None
    name: str | None = None
    href: str | None = None
    icons: list[Image | None] | UnsetType | None = UNSET


class CategoriesPage(ListPage, gc=False):
    """A page of categories."""

    items: list[Category | None] | None = None


class Wrapped(Struct, gc=False):
    """An answer that holds its page in a field; it has the attributes of the page."""

    @property
    def page(self) -> Any:
        """The page, null if there is none."""
        raise NotImplementedError

    @property
    def items(self) -> Any:
        """Elements of the page; null if there is none."""
        return self.page.items if self.page is not None else None

    @property
    def limit(self) -> int | None:
        """How many elements a page has."""
        return self.page.limit if self.page is not None else None

    @property
    def next(self) -> str | None:
        """The address of the next page, null after the last."""
        return self.page.next if self.page is not None else None

    @property
    def total(self) -> int | None:
        """How many elements there are."""
        return self.page.total if self.page is not None else None


class NewReleases(Wrapped, gc=False):
    """New albums."""

    albums: AlbumsPage | None = None

    @property
    def page(self) -> AlbumsPage | None:
        """Albums."""
        return self.albums


class Categories(Wrapped, gc=False):
    """Categories of browsing."""

    categories: CategoriesPage | None = None

    @property
    def page(self) -> CategoriesPage | None:
        """Categories."""
        return self.categories


class BrowsedPlaylists(Wrapped, gc=False):
    """Playlists of a category, or those that are featured."""

    playlists: PlaylistsPage | None = None

    @property
    def page(self) -> PlaylistsPage | None:
        """Playlists."""
        return self.playlists


class Recommendations(Struct, gc=False):
    """Tracks that Spotify recommends for some seeds; each request returns other ones."""

    tracks: list[Item | None] | None = None


class GenreSeeds(Struct, gc=False):
    """Names of genres that recommendations can start from."""

    genres: list[str | None] | None = None


class Markets(Struct, gc=False):
    """Countries where Spotify is available, as two-letter codes."""

    markets: list[str | None] | None = None


class Market(Struct, frozen=True, gc=False):
    """What a row of `markets` is made from."""

    country: str
