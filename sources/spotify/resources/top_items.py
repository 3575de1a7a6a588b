"""The resource `top_items`: the artists and tracks that a user likes most, over three time ranges.

https://developer.spotify.com/documentation/web-api/reference/get-users-top-artists-and-tracks
"""

from collections.abc import Generator, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from sources.spotify.api.endpoints import TOP_ARTISTS, TOP_TRACKS, Endpoint
from sources.spotify.resources.base import Checkpoint, Context, Row
from sources.spotify.resources.part import part
from sources.spotify.resources.ranked_list import ranked_rows, uris_of
from sources.spotify.resources.ranked_list_state import KnownList
from sources.spotify.resources.ranked_pages import ranked_items

TIME_RANGES = ("short_term", "medium_term", "long_term")
"""About four weeks, half a year and a year."""


class _Top(NamedTuple):
    """One kind of top items: the list's name, its endpoint, and the table of its items."""

    name: str
    endpoint: Endpoint[Any]
    table: str


_TOPS = (_Top("top_artists", TOP_ARTISTS, "artists"), _Top("top_tracks", TOP_TRACKS, "tracks"))


class TopItems:
    """Six lists, each of which is stored when it differs from the last."""

    name = "top_items"
    scopes = frozenset(TOP_ARTISTS.scopes)
    tables = ("ranked_lists", "resource_reads", "artists", "tracks")
    endpoints: Mapping[Endpoint[Any], tuple[str, ...]] = MappingProxyType(
        {top.endpoint: ("ranked_lists", top.table) for top in _TOPS}
    )

    def read(self, ctx: Context) -> Iterator[Row | Checkpoint]:
        """The lists that changed, with the objects on them.

        Raises:
            PlaylakeError: the signed-in user's id could not be requested.
        """
        user_id = ctx.client.whoami()
        ctx.recorder.record.user_id = user_id
        left = len(_TOPS) * len(TIME_RANGES)
        for top in _TOPS:
            known = ctx.state.ranked_lists(top.name, user_id)
            for time_range in TIME_RANGES:
                if ctx.recorder.error is not None:
                    return
                pages = yield from self._one(ctx, top, time_range, user_id, known)
                left -= 1
                yield Checkpoint(pages, left)

    def _one(
        self, ctx: Context, top: _Top, time_range: str, user_id: str, known: Mapping[str, KnownList]
    ) -> Generator[Row, None, int]:
        """The rows of one list.

        Returns:
            How many requests it took.
        """
        with part(ctx, self.name, f"{top.name} {time_range}", user_id) as read:
            before = known.get(time_range)
            items = ranked_items(ctx, top.endpoint, before, time_range=time_range)
            read.is_whole = True
            yield from ranked_rows(ctx, read, top.name, uris_of(items), before, time_range, user_id)
            for item in items:
                if item is not None:
                    yield Row(top.table, item)
        if read.outcome != "unchanged":
            yield Row("resource_reads", read)
        return read.requests
