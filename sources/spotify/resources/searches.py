"""The resource `searches`: what Spotify finds for the queries of the setting of that name, in its order.

https://developer.spotify.com/documentation/web-api/reference/search. A query is one request, whatever kinds of results
are kept, and the first 10 of each kind are its state: as many as every app gets, so that apps of both sorts see the
same, and in one answer, so that nothing moves while it is read.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from sources.errors import ApiError
from sources.spotify.api.endpoints import SEARCH, Endpoint
from sources.spotify.models.lists import SearchResults
from sources.spotify.models.run_records import ResourceRead
from sources.spotify.resources.base import Checkpoint, Context, Row
from sources.spotify.resources.part import part
from sources.spotify.resources.ranked_list import ListState, all_ranked_rows, uris_of
from sources.spotify.resources.ranked_list_state import KnownList
from sources.spotify.resources.shown_playlists import ShownPlaylists
from sources.spotify.resources.viewer import viewer

TABLES: Mapping[str, str] = MappingProxyType(
    {
        "album": "albums",
        "artist": "artists",
        "playlist": "playlists",
        "track": "tracks",
        "show": "shows",
        "episode": "episodes",
        "audiobook": "audiobooks",
    }
)
"""Kinds of results, and the table of each."""

Known = Mapping[str, Mapping[str, KnownList]]
"""What is stored of results, by kind and query."""

_NOTHING_TO_ASK = "There is nothing to search for: set sources.spotify.searches to a list of queries."


class Searches:
    """Results of searches."""

    name = "searches"
    scopes: frozenset[str] = frozenset()
    tables = ("ranked_lists", "resource_reads", *TABLES.values())
    endpoints: Mapping[Endpoint[Any], tuple[str, ...]] = MappingProxyType({SEARCH: ("ranked_lists", *TABLES.values())})

    def read(self, ctx: Context) -> Iterator[Row | Checkpoint]:
        """The results of each query that are new, and what was found.

        Without a query nothing is read, and it is only missed by those who named this resource.
        """
        queries = ctx.settings.searches
        if not queries:
            yield from _nothing_to_ask(ctx, self.name)
            return
        # With a market, results do not depend on the user.
        user_id = "" if ctx.settings.market else viewer(ctx)
        known = {kind: ctx.state.ranked_lists(f"search:{kind}", user_id) for kind in ctx.settings.search_types}
        playlists = ShownPlaylists(ctx)
        for left, query in zip(range(len(queries) - 1, -1, -1), queries, strict=True):
            if ctx.recorder.error is not None:
                return
            with part(ctx, self.name, query) as read:
                yield from _one(ctx, read, query, user_id, known, playlists)
            if read.outcome != "unchanged":
                yield Row("resource_reads", read)
            yield Checkpoint(1, left)


def _nothing_to_ask(ctx: Context, name: str) -> Iterator[Row | Checkpoint]:
    if name in ctx.recorder.named:
        now, run_id = ctx.now(), ctx.recorder.record.run_id
        read = ResourceRead(run_id, name, "", None, "not_available", now, now, message=_NOTHING_TO_ASK)
        ctx.recorder.note(read)
        yield Row("resource_reads", read)
    yield Checkpoint()


def _one(
    ctx: Context, read: ResourceRead, query: str, user_id: str, known: Known, playlists: ShownPlaylists
) -> Iterator[Row | Checkpoint]:
    """The rows of one query.

    Raises:
        ApiError: the answer has no list of results of any kind, not even an empty one.
    """
    results = ctx.client.get(SEARCH, q=query, type=",".join(known), limit=SEARCH.limit)
    found = {kind: _elements(results, kind) for kind in known}
    shown = {kind: elements for kind, elements in found.items() if elements is not None}
    if not shown:
        msg = f"{ctx.client.url(SEARCH)} answered no results for {query!r}: report this, please."
        raise ApiError(msg, 200)
    states = [
        ListState(f"search:{kind}", uris_of(elements), known[kind].get(query), query, user_id)
        for kind, elements in shown.items()
    ]
    yield from all_ranked_rows(ctx, read, states)
    if lacking := found.keys() - shown.keys():
        read.message = f"The answer says nothing of {', '.join(sorted(lacking))}; their stored lists stay as they are."
    read.is_whole = not lacking
    for kind, elements in shown.items():
        table = TABLES[kind]
        if table == "playlists":
            yield from playlists.rows(elements)
        else:
            yield from (Row(table, element) for element in elements if element is not None)


def _elements(results: SearchResults, kind: str) -> list[Any] | None:
    """Results of a kind, null for hidden ones; null if the answer has no page of them."""
    page = getattr(results, f"{kind}s")
    return page.items if page is not None else None
