"""Readers of lists that belong to an object: discographies, ranked lists of artists, episodes of shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sources.errors import ApiError
from sources.spotify.api.endpoints import ARTIST_ALBUMS, SHOW_EPISODES, Endpoint
from sources.spotify.models.answers import Show
from sources.spotify.models.rows import ArtistAlbum
from sources.spotify.models.run_records import ResourceRead
from sources.spotify.resources.base import Context, Row
from sources.spotify.resources.catalogue.budget import Allowance
from sources.spotify.resources.catalogue.pages import completed, page_at
from sources.spotify.resources.ranked_list import ranked_rows
from sources.spotify.resources.ranked_list_state import KnownList

SMALL_PAGE = 10
"""Albums of an artist that apps in development mode may ask for at once; others may ask for 50.

https://developer.spotify.com/documentation/web-api/reference/get-an-artists-albums
"""


class Discographies:
    """An artist's albums."""

    def begin(self, ctx: Context, ids: Sequence[str]) -> Mapping[str, set[str]]:
        """The albums that were seen already."""
        return ctx.state.discographies(ids)

    def rows(
        self, ctx: Context, object_id: str, stored: Mapping[str, set[str]], allowance: Allowance, read: ResourceRead
    ) -> Sequence[Row]:
        """New albums of an artist, and what is known of all."""
        page, limit = _first_page(ctx, object_id, allowance)
        if not completed(ctx, ARTIST_ALBUMS, object_id, page, allowance, limit):
            return ()
        albums = {album.id: album for album in page.items if album is not None and album.id}
        known, now = stored.get(object_id, set()), ctx.now()
        new = [album for album_id, album in albums.items() if album_id not in known]
        read.items, read.new_items = len(albums), len(new)
        facts = [ArtistAlbum(object_id, str(album.id), album.album_group, now) for album in new]
        return [Row("albums", album) for album in albums.values()] + [Row("artist_albums", fact) for fact in facts]


def _first_page(ctx: Context, artist_id: str, allowance: Allowance) -> tuple[Any, int]:
    """The first page, as large as the app may request; apps without batch access get smaller ones."""
    limit = SMALL_PAGE if ctx.catalogue.takes_batches is False else ARTIST_ALBUMS.limit or SMALL_PAGE
    allowance.take()
    try:
        return page_at(ctx, ARTIST_ALBUMS, artist_id, limit, 0), limit
    except ApiError as error:
        if error.status != 400 or limit == SMALL_PAGE:
            raise
    ctx.catalogue.takes_batches = False
    allowance.take()
    return page_at(ctx, ARTIST_ALBUMS, artist_id, SMALL_PAGE, 0), SMALL_PAGE


@dataclass(frozen=True, slots=True)
class RankedOfArtists:
    """A list of an artist's in Spotify's order, in one answer.

    Attributes:
        name: as in the column `list`.
        endpoint: where it is.
        table: of its elements, and the attribute of the answer that holds them.
    """

    name: str
    endpoint: Endpoint[Any]
    table: str

    def begin(self, ctx: Context, ids: Sequence[str]) -> Mapping[str, KnownList]:
        """Their newest states."""
        return ctx.state.ranked_lists(self.name) if ids else {}

    def rows(
        self, ctx: Context, object_id: str, stored: Mapping[str, KnownList], allowance: Allowance, read: ResourceRead
    ) -> Sequence[Row]:
        """What is on the list, and its state if that differs from the stored one."""
        allowance.take()
        elements = getattr(ctx.client.get(self.endpoint, object_id), self.table)
        if elements is None:
            msg = f"{ctx.client.url(self.endpoint, object_id)} answered no list: report this, please."
            raise ApiError(msg, 200)
        uris = [element.uri if element is not None else None for element in elements]
        state = ranked_rows(ctx, read, self.name, uris, stored.get(object_id), object_id)
        return [Row(self.table, element) for element in elements if element is not None] + list(state)


class Episodes:
    """A show's episodes, which come newest first."""

    def begin(self, ctx: Context, ids: Sequence[str]) -> None:
        """No stored state is needed."""

    def rows(
        self, ctx: Context, object_id: str, stored: None, allowance: Allowance, read: ResourceRead
    ) -> Sequence[Row]:
        """All episodes of a show, with the show."""
        del stored
        allowance.take()
        page = page_at(ctx, SHOW_EPISODES, object_id, SHOW_EPISODES.limit or 1, 0)
        if not completed(ctx, SHOW_EPISODES, object_id, page, allowance):
            return ()
        episodes = [episode for episode in page.items if episode is not None]
        for episode in episodes:
            episode.show = Show(id=object_id)
        read.items = len(episodes)
        return [Row("episodes", episode) for episode in episodes]
