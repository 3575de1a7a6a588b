"""Reads a ranked list whole, from pages that belong to one state of it."""

from itertools import islice
from typing import Any

from sources.errors import ChangedWhileReading
from sources.spotify.api.endpoints import Endpoint
from sources.spotify.api.pagination import pages
from sources.spotify.resources.base import Context
from sources.spotify.resources.ranked_list import uris_of
from sources.spotify.resources.ranked_list_state import KnownList

ATTEMPTS = 3


def ranked_items(ctx: Context, endpoint: Endpoint[Any], known: KnownList | None, **params: Any) -> list[Any]:
    """The objects of a list in order, null for hidden ones, with one request per page.

    Only the list itself shows whether it changed. If it differs from the stored one, and several pages were read, the
    first is read once more: if Spotify ranked the list again meanwhile, some items would be missing and others there
    twice.

    Raises:
        ChangedWhileReading: the list kept changing.
        ApiError: an answer is not what it should be.
    """
    for _ in range(ATTEMPTS):
        read = list(pages(ctx.client, endpoint, **params))
        items = [item for page in read for item in page.items]
        if len(read) == 1 or (known is not None and uris_of(items) == known.item_uris):
            return items
        [again] = islice(pages(ctx.client, endpoint, **params), 1)
        if uris_of(again.items) == uris_of(read[0].items) and again.total == read[0].total:
            return items
    where = ctx.client.url(endpoint)
    msg = f"{where} was not seen whole in {ATTEMPTS} readings: it kept changing. The next sync reads it."
    raise ChangedWhileReading(msg)
