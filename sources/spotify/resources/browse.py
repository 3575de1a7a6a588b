"""The resource `browse`: featured lists, new releases, categories and more, for apps that still have access.

https://developer.spotify.com/documentation/web-api/reference/get-new-releases and related pages. Apps in development
mode may read none of it: each part costs them one request, and is `not_available`.

Recommendations are read for the seeds of the setting `recommendation_seeds` and otherwise not at all: each request
returns other ones, so every sync stores another list.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from sources.errors import ApiError, NotFoundError
from sources.spotify.api.endpoints import (
    CATEGORIES,
    CATEGORY_PLAYLISTS,
    FEATURED_PLAYLISTS,
    GENRE_SEEDS,
    MARKETS,
    NEW_RELEASES,
    RECOMMENDATIONS,
    Endpoint,
)
from sources.spotify.api.pagination import pages
from sources.spotify.models.answers import Item
from sources.spotify.models.lists import Category, Market
from sources.spotify.models.run_records import ResourceRead
from sources.spotify.resources.base import Checkpoint, Context, Row
from sources.spotify.resources.part import part
from sources.spotify.resources.ranked_list import ListState, all_ranked_rows, ranked_rows, uris_of
from sources.spotify.resources.ranked_pages import ranked_items
from sources.spotify.resources.shown_playlists import ShownPlaylists
from sources.spotify.resources.viewer import viewer


class Browse:
    """Spotify's own lists and categories."""

    name = "browse"
    scopes: frozenset[str] = frozenset()
    tables = (
        "ranked_lists",
        "resource_reads",
        "markets",
        "categories",
        "category_icons",
        "albums",
        "playlists",
        "tracks",
    )
    endpoints: Mapping[Endpoint[Any], tuple[str, ...]] = MappingProxyType(
        {
            MARKETS: ("markets",),
            GENRE_SEEDS: ("ranked_lists",),
            NEW_RELEASES: ("ranked_lists", "albums"),
            FEATURED_PLAYLISTS: ("ranked_lists", "playlists"),
            CATEGORIES: ("categories",),
            CATEGORY_PLAYLISTS: ("ranked_lists", "playlists"),
            RECOMMENDATIONS: ("ranked_lists", "tracks"),
        }
    )

    def read(self, ctx: Context) -> Iterator[Row | Checkpoint]:
        """What is new in each part; one that the app may not read leaves the others alone."""
        reading = _BrowseRun(ctx, viewer(ctx))
        parts = reading.parts()
        for left, (subject, rows) in zip(range(len(parts) - 1, -1, -1), parts.items(), strict=True):
            if ctx.recorder.error is not None:
                return
            if subject == "category_playlists" and not reading.categories:
                # How reading the categories ended says why.
                continue
            requests = ctx.client.requests
            with part(ctx, self.name, subject) as read:
                reading.outcomes[subject] = read
                yield from rows(read)
                read.is_whole = True
            if read.outcome != "unchanged":
                yield Row("resource_reads", read)
            yield Checkpoint(ctx.client.requests - requests, left)


class _BrowseRun:
    """One reading of it.

    Args:
        ctx: the run.
        user_id: the id of the user whose lists these are.
    """

    def __init__(self, ctx: Context, user_id: str) -> None:
        self._ctx = ctx
        self._user_id = user_id
        self._playlists = ShownPlaylists(ctx)
        self.categories: list[Category] = []
        self.outcomes: dict[str, ResourceRead] = {}

    def parts(self) -> dict[str, Callable[[ResourceRead], Iterator[Row]]]:
        """What is read, in this order, by the subjects of `resource_reads`."""
        parts = {
            "markets": self._markets,
            "genre_seeds": self._genre_seeds,
            "new_releases": self._new_releases,
            "featured_playlists": self._featured_playlists,
            "categories": self._categories,
            "category_playlists": self._category_playlists,
        }
        return parts | ({"recommendations": self._recommendations} if self._ctx.settings.recommendation_seeds else {})

    def _markets(self, read: ResourceRead) -> Iterator[Row]:
        found = self._required(MARKETS, self._ctx.client.get(MARKETS).markets)
        markets = list(dict.fromkeys(filter(None, found)))
        _count(read, dict.fromkeys(markets), dict.fromkeys(self._ctx.state.markets()))
        yield from (Row("markets", Market(country)) for country in markets)

    def _genre_seeds(self, read: ResourceRead) -> Iterator[Row]:
        genres = self._required(GENRE_SEEDS, self._ctx.client.get(GENRE_SEEDS).genres)
        yield from self._list(read, "genre_seeds", genres)

    def _new_releases(self, read: ResourceRead) -> Iterator[Row]:
        albums = yield from self._paged(read, "new_releases", NEW_RELEASES)
        yield from (Row("albums", album) for album in albums if album is not None)

    def _featured_playlists(self, read: ResourceRead) -> Iterator[Row]:
        playlists = yield from self._paged(read, "featured_playlists", FEATURED_PLAYLISTS)
        yield from self._playlists.rows(playlists)

    def _categories(self, read: ResourceRead) -> Iterator[Row]:
        listed: Endpoint[Any] = CATEGORIES
        found = (each for page in pages(self._ctx.client, listed) for each in page.items)
        self.categories = [each for each in found if each is not None and each.id]
        names = {str(each.id): each.name for each in self.categories}
        _count(read, names, self._ctx.state.categories())
        yield from (Row("categories", each) for each in self.categories)

    def _category_playlists(self, read: ResourceRead) -> Iterator[Row]:
        """Playlists of each category; some exist in other countries only. A closed list is requested once."""
        known = self._ctx.state.ranked_lists("category_playlists", self._user_id)
        shown: list[Any] = []
        absent: list[str] = []

        def states() -> Iterator[ListState]:
            for category in self.categories:
                category_id = str(category.id)
                before = known.get(category_id)
                try:
                    playlists = ranked_items(self._ctx, CATEGORY_PLAYLISTS, before, playlist_id=category_id)
                except NotFoundError:
                    if self.outcomes["featured_playlists"].outcome == "not_available":
                        raise
                    absent.append(category.name or category_id)
                    continue
                shown.extend(playlists)
                yield ListState("category_playlists", uris_of(playlists), before, category_id, self._user_id)

        yield from all_ranked_rows(self._ctx, read, states())
        yield from self._playlists.rows(shown)
        if absent:
            read.message = f"Without playlists in this country: {', '.join(absent)}."

    def _recommendations(self, read: ResourceRead) -> Iterator[Row]:
        seeds = self._ctx.settings.recommendation_seeds
        kinds: dict[str, list[str]] = {}
        for seed in seeds:
            kind, _, value = seed.partition(":")
            kinds.setdefault(f"seed_{kind}s", []).append(value)
        asked = {name: ",".join(values) for name, values in kinds.items()}
        answer = self._ctx.client.get(RECOMMENDATIONS, limit=RECOMMENDATIONS.limit, **asked)
        tracks = self._required(RECOMMENDATIONS, answer.tracks)
        yield from self._list(read, "recommendations", uris_of(tracks), ",".join(seeds))
        yield from (Row("tracks", _in_small_letters(track)) for track in tracks if track is not None)

    def _list(self, read: ResourceRead, name: str, uris: list[str | None], subject: str = "") -> Iterator[Row]:
        known = self._ctx.state.ranked_lists(name, self._user_id).get(subject)
        yield from ranked_rows(self._ctx, read, name, uris, known, subject, self._user_id)

    def _paged(self, read: ResourceRead, name: str, endpoint: Endpoint[Any]) -> Generator[Row, None, list[Any]]:
        """The rows of a list.

        Returns:
            What is on it, null for what is hidden.
        """
        known = self._ctx.state.ranked_lists(name, self._user_id).get("")
        found = ranked_items(self._ctx, endpoint, known)
        yield from ranked_rows(self._ctx, read, name, uris_of(found), known, user_id=self._user_id)
        return found

    def _required(self, endpoint: Endpoint[Any], found: list[Any] | None) -> list[Any]:
        """A list that an answer must have.

        Raises:
            ApiError: the answer lacks the list.
        """
        if found is None:
            msg = f"{self._ctx.client.url(endpoint)} answered no list: report this, please."
            raise ApiError(msg, 200)
        return found


def _count(read: ResourceRead, found: Mapping[str, object], known: Mapping[str, object]) -> None:
    """Notes how many elements came, and whether all are stored already; those no longer listed stay stored."""
    read.items, read.new_items = len(found), len(found.keys() - known.keys())
    if all(name in known and known[name] == value for name, value in found.items()):
        read.outcome = "unchanged"


def _in_small_letters(track: Item) -> Item:
    """A track with its album's type in small letters, as elsewhere; recommendations had capitals in 2016 and 2020."""
    if track.album is not None and track.album.album_type is not None:
        track.album.album_type = track.album.album_type.lower()
    return track
