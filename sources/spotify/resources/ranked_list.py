"""Stores ranked lists, which Spotify orders: a state is stored when it differs from the last one."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from msgspec.structs import replace

from sources.spotify.models.rows import RankedList
from sources.spotify.models.run_records import ResourceRead
from sources.spotify.resources.base import Context, Row
from sources.spotify.resources.ranked_list_state import KnownList


class ListState(NamedTuple):
    """A list as it was read: the arguments of `ranked_rows`."""

    name: str
    uris: Sequence[str | None]
    known: KnownList | None
    subject: str = ""
    user_id: str = ""


def uris_of(elements: Iterable[Any]) -> list[str | None]:
    """The URI of each object, null for hidden ones."""
    return [element.uri or None if element is not None else None for element in elements]


def ranked_rows(
    ctx: Context,
    read: ResourceRead,
    name: str,
    uris: Sequence[str | None],
    known: KnownList | None,
    subject: str = "",
    user_id: str = "",
) -> Iterator[Row]:
    """The row of a list that differs from what is known of it; `read` then says how, or else that it is unchanged."""
    item_uris = list(uris)
    before = known.item_uris if known is not None else []
    read.items = len(item_uris)
    read.new_items, read.removed_items = len(set(item_uris) - set(before)), len(set(before) - set(item_uris))
    if known is not None and before == item_uris:
        read.outcome = "unchanged"
        return
    observed_at = ctx.now()
    if known is not None:
        # A clock that was set back must not reorder history.
        observed_at = max(observed_at, known.observed_at + timedelta(microseconds=1))
    yield Row("ranked_lists", RankedList(name, subject, user_id, observed_at, item_uris, len(item_uris)))


def all_ranked_rows(ctx: Context, read: ResourceRead, states: Iterable[ListState]) -> Iterator[Row]:
    """The same for several lists that are read as one part, which is unchanged if all its lists are."""
    parts = []
    for state in states:
        parts.append(replace(read))
        yield from ranked_rows(ctx, parts[-1], *state)
    read.items = sum(part.items or 0 for part in parts)
    read.new_items = sum(part.new_items for part in parts)
    read.removed_items = sum(part.removed_items for part in parts)
    if parts and all(part.outcome == "unchanged" for part in parts):
        read.outcome = "unchanged"
