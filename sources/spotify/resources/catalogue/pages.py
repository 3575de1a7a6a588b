"""Reads the remaining pages of a list whose first page came with its object."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from sources.errors import ApiError
from sources.spotify.api.endpoints import Endpoint
from sources.spotify.resources.base import Context
from sources.spotify.resources.catalogue.budget import Allowance


def missing_pages(page: Any, limit: int) -> Sequence[int]:
    """Offsets of the pages that are missing after one from the beginning."""
    if page is None or page.items is None:
        return ()
    return range(len(page.items), page.total or 0, limit)


def completed(
    ctx: Context, endpoint: Endpoint[Any], object_id: str, page: Any, allowance: Allowance, limit: int = 50
) -> bool:
    """Reads the rest of a list into its first page, if the allowance suffices.

    Args:
        ctx: the context of the run.
        endpoint: where the list's pages are.
        object_id: what it belongs to.
        page: the first page of the list.
        allowance: how many requests may be sent.
        limit: how many elements a page has.

    Returns:
        Whether the object may be stored as it is. If not, a later run should request it again. A list that is too long
        even for a whole share is left out.

    Raises:
        PlaylakeError: a page could not be read.
    """
    offsets = missing_pages(page, limit)
    if len(offsets) > allowance.left:
        return len(offsets) >= allowance.size
    allowance.take(len(offsets))
    for further in ctx.client.prefetch(partial(page_at, ctx, endpoint, object_id, limit), offsets):
        page.items += further.items
    return True


def page_at(ctx: Context, endpoint: Endpoint[Any], object_id: str, limit: int, offset: int) -> Any:
    """A page of a list.

    Raises:
        ApiError: the page has no items, or the request failed.
    """
    page = ctx.client.get(endpoint, object_id, limit=limit, offset=offset)
    if page.items is None:
        msg = f"{ctx.client.url(endpoint, object_id)} answered a page without items: report this, please."
        raise ApiError(msg, 200)
    return page
