"""The resource `followed_artists`: the artists whom a user follows.

https://developer.spotify.com/documentation/web-api/reference/get-followed. They have no date, and the cursor of a page
is the last artist of the page before, so all pages are read.
"""

from typing import Any, NamedTuple

from sources.errors import ApiError, ChangedWhileReading
from sources.spotify.api.endpoints import FOLLOWED_ARTISTS as ENDPOINT
from sources.spotify.api.endpoints import Endpoint
from sources.spotify.models.answers import Artist
from sources.spotify.models.personal import FollowedPage
from sources.spotify.resources.addition_identity import Identity
from sources.spotify.resources.base import Context
from sources.spotify.resources.collection import Collection, Collections
from sources.spotify.resources.collection_reading import ATTEMPTS, Reading, Saved
from sources.spotify.resources.collection_state import KnownCollection
from sources.spotify.resources.hidden_entries import NOBODY, kept_identities


class _Seen(NamedTuple):
    """What one pass over the pages showed: URIs in order, null for hidden ones, and the totals of the pages."""

    uris: list[str | None]
    totals: frozenset[int]

    @property
    def is_one_state(self) -> bool:
        """Whether all pages are of one state of the list.

        If an artist is unfollowed meanwhile, the pages hold fewer than their total, and nothing comes after a cursor
        that was unfollowed. If one is followed meanwhile, the totals differ.
        """
        shown = [uri for uri in self.uris if uri is not None]
        return self.totals == {len(self.uris)} and len(set(shown)) == len(shown)


class Followed:
    """The reader of followed artists."""

    endpoint: Endpoint[Any] = ENDPOINT

    def __call__(self, ctx: Context, known: KnownCollection, _subject: str) -> Reading:
        """All followed artists, in one request a page.

        If Spotify counts more artists than it shows, in all readings alike, the reading is doubted: the missing ones
        may not be unfollowed.

        Raises:
            ChangedWhileReading: the followed artists kept changing.
            ApiError: an answer is not what it should be.
        """
        where, stays = ctx.client.url(ENDPOINT), False
        before: _Seen | None = None
        for _ in range(ATTEMPTS):
            pages = _pages(ctx)
            artists = [artist for page in pages for artist in page.items or ()]
            seen = _Seen([_uri(artist) for artist in artists], frozenset(page.total or 0 for page in pages))
            identities: list[Identity | None] = [None if uri is None else (uri, None) for uri in seen.uris]
            shown = [Saved(None, artist) for artist in artists if artist is not None]
            reading = Reading(identities, shown, is_whole=True, was_due=False, pages=len(pages))
            if seen.is_one_state or _is_known(identities, known):
                return reading
            before, stays = seen, seen == before
        if not stays:
            msg = f"{where} was not seen whole in {ATTEMPTS} readings: it kept changing. The next sync reads it."
            raise ChangedWhileReading(msg)
        counted = max(seen.totals)
        return reading._replace(
            doubt=f"shows {len(identities):,} where Spotify counts {counted:,}, each time it was read"
        )


def _uri(artist: Artist | None) -> str | None:
    return (artist.uri or None) if artist is not None else None


def _is_known(identities: list[Identity | None], known: KnownCollection) -> bool:
    """Whether these are the stored ones."""
    stored = [known.identities.get(key, NOBODY) for key in known.item_keys or ()]
    return known.item_keys is not None and stored == kept_identities(identities)


def _pages(ctx: Context) -> list[FollowedPage]:
    """All pages; each begins after the cursor that the page before it names."""
    pages: list[FollowedPage] = []
    cursors: list[str] = []
    where = ctx.client.url(ENDPOINT)
    while True:
        after = {"after": cursors[-1]} if cursors else {}
        page = ctx.client.get(ENDPOINT, type="artist", limit=ENDPOINT.limit, **after).artists
        if page is None or page.items is None or page.total is None:
            msg = f"{where} answered a page without items or total: report this, please."
            raise ApiError(msg, 200)
        pages.append(page)
        cursor = page.cursors.after if page.cursors is not None else None
        if page.next is None or not page.items:
            return pages
        if not cursor or cursor in cursors:
            msg = f"{where} names {cursor!r} as the cursor of the next page: report this, please."
            raise ApiError(msg, 200)
        cursors.append(cursor)


FOLLOWED_ARTISTS = Collections(
    "followed_artists", frozenset(ENDPOINT.scopes), (Collection("artists", "artist", Followed(), "artists"),)
)
