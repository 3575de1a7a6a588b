"""Pages by offset.

Links to the next page are read for their offset and never followed: they name other hosts, and for some
lists a path that new apps may not use.
"""

from collections.abc import Iterator
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from sources.errors import ApiError
from sources.spotify.client import Client
from sources.spotify.endpoints import ME_PLAYLISTS
from sources.spotify.objects import Playlist


class Page(Protocol):
    """What pages have in common."""

    next: str | None
    total: int | None


def next_offset(page: Page, offset: int, rows: int) -> int | None:
    """Where the next page begins, or null after the last.

    A page may hold fewer rows than asked although more follow; then `next` tells where, because hidden rows
    count too.

    Raises:
        ApiError: the answer leads back to where it was, which would never end.
    """
    if page.next is None:
        return None
    named = parse_qs(urlsplit(page.next).query).get("offset", [""])[0]
    following = int(named) if named.isdecimal() else offset + rows
    if following <= offset:
        msg = f"The page at offset {offset} names offset {following} as the next ({page.next}): report this, please."
        raise ApiError(msg)
    return following


def my_playlists(client: Client) -> Iterator[Playlist | None]:
    """All playlists that the user owns or follows, in the user's order; hidden ones are null.

    https://developer.spotify.com/documentation/web-api/reference/get-a-list-of-current-users-playlists
    """
    offset: int | None = 0
    while offset is not None:
        page = client.get(ME_PLAYLISTS, limit=ME_PLAYLISTS.limit, offset=offset)
        rows = page.items or []
        yield from rows
        offset = next_offset(page, offset, len(rows))
