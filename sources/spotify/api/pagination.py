"""Offset pagination.

Links to the next page are read for their offset and never followed: they name other hosts, and for some
lists a path that new apps may not use.
"""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from sources.errors import ApiError
from sources.spotify.api.client import Client
from sources.spotify.api.endpoints import ME_PLAYLISTS, USER_PLAYLISTS, Endpoint
from sources.spotify.models.playlists import Playlist, PlaylistsPage

LAST_OFFSET = 100_000
"""The largest documented offset; playlists and lists of playlists have at most 11,000 entries."""


class Page(Protocol):
    """The fields that all pages have."""

    items: Any
    limit: int | None
    next: str | None
    total: int | None


P = TypeVar("P", bound=Page)


def pages(
    client: Client, endpoint: Endpoint[P], playlist_id: str = "", *, offset: int = 0, **params: Any
) -> Iterator[P]:
    """All pages from an offset on, several at the same time as far as they begin where they should.

    Raises:
        ApiError: a page has no rows where they should be, or the pages would never end. An error never looks
            like an end.
    """
    where = client.url(endpoint, playlist_id)

    def page_at(offset: int) -> P:
        page = client.get(endpoint, playlist_id, limit=endpoint.limit, offset=offset, **params)
        if page.items is None:
            msg = f"{where} answered a page without items at offset {offset}: report this, please."
            raise ApiError(msg, 200)
        return page

    # Only after one page is it known that there are more, and that the app may see them.
    page = page_at(offset)
    yield page
    following = next_offset(page, offset, where)
    expected = range(following or 0, page.total or 0, max(page.limit or 0, 1))
    with closing(client.prefetch(page_at, expected)) as coming:
        for guess in expected:
            if following != guess:
                break
            page = next(coming)
            yield page
            following = next_offset(page, guess, where)
    while following is not None:
        page = page_at(following)
        yield page
        following = next_offset(page, following, where)


def next_offset(page: Page, offset: int, where: str) -> int | None:
    """The offset of the next page; null after the last.

    A page may hold fewer rows than its limit although more follow; then `next` tells where, because hidden rows
    count too. It is believed only as far as no row can be left out or come twice.

    Args:
        page: the page.
        offset: where it begins.
        where: the address of the page, for messages.

    Raises:
        ApiError: the answer leads back to where it was, or nowhere, which would never end.
    """
    if page.next is None:
        return None
    rows = len(page.items or ())
    # Of more rows than a page holds some came twice: those behind them are not to be left out.
    rows = min(rows, page.limit or rows)
    named = _named_offset(page.next)
    following = offset + rows
    if named is not None:
        following = named if named <= offset else min(max(named, following), offset + max(rows, page.limit or 0))
    if following <= offset or following > LAST_OFFSET:
        msg = f"{where} names {page.next!r} as the page after offset {offset}: report this, please."
        raise ApiError(msg, 200)
    return following


def _named_offset(link: str) -> int | None:
    """The offset in a link, if there is one."""
    try:
        return int(parse_qs(urlsplit(link).query)["offset"][0])
    except (KeyError, ValueError):
        return None


def user_in(link: str | None) -> str | None:
    """The user id in the address of a page, `…/users/{id}/playlists?…`, although `me` was requested; null without."""
    found = re.search(r"/users/([^/?]+)/playlists", link or "")
    return unquote(found[1]) if found else None


@dataclass(slots=True)
class ListSeen:
    """What the pages of a user's list of playlists showed, while and after they are read.

    Attributes:
        ids: the ids of the playlists that were shown.
        hidden: rows without a playlist, or without its id.
        totals: what the pages said of the size of the list.
        users: the user ids that the addresses of the pages name.
    """

    ids: set[str] = field(default_factory=set)
    hidden: int = 0
    totals: set[int | None] = field(default_factory=set)
    users: set[str | None] = field(default_factory=set)

    def add(self, page: PlaylistsPage) -> None:
        """Adds a page."""
        self.totals.add(page.total)
        self.users.add(user_in(page.href))
        for playlist in page.items or ():
            if playlist is not None and playlist.id:
                self.ids.add(playlist.id)
            else:
                self.hidden += 1

    @property
    def is_complete(self) -> bool:
        """Whether every row of one user's list was shown once, if only as null: all pages agree with each other."""
        return self.totals == {len(self.ids) + self.hidden} and len(self.users) == 1


def my_playlists(client: Client, seen: ListSeen | None = None) -> Iterator[Playlist | None]:
    """All playlists that the user owns or follows, in the user's order; hidden ones are null.

    https://developer.spotify.com/documentation/web-api/reference/get-a-list-of-current-users-playlists. A
    playlist added while the pages are read pushes another onto the next page: each is given once. Rows that
    `total` counts but no page holds come as null at the end: pages are cut after hidden rows were counted.

    Args:
        client: whose.
        seen: collects what the pages contain.

    Raises:
        ApiError: the list has a `total` but no rows.
    """
    given: set[str | None] = set()
    rows, total = 0, 0
    for page in pages(client, ME_PLAYLISTS):
        client.user_id = client.user_id or user_in(page.href)
        if seen is not None:
            seen.add(page)
        rows, total = rows + len(page.items or ()), page.total or 0
        for playlist in page.items or ():
            if playlist is None or playlist.id not in given:
                yield playlist
            if playlist is not None:
                given.add(playlist.id)
    if total and not rows:
        msg = (
            f"{client.url(ME_PLAYLISTS)} says {total} playlists and shows none: nothing was changed; sync again later."
        )
        raise ApiError(msg, 200)
    yield from repeat(None, total - rows)


def playlists_of(client: Client, user_id: str) -> list[Playlist | None]:
    """The public playlists that another user owns or follows; hidden ones are null.

    https://developer.spotify.com/documentation/web-api/reference/get-list-users-playlists.

    Raises:
        ForbiddenError: the app may only read its own user's list.
        NotFoundError: there is no such user.
    """
    return [playlist for page in pages(client, USER_PLAYLISTS, user_id) for playlist in page.items or ()]
