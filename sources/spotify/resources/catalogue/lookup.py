"""Looks up objects by id: in batches where the app has access to them, else one by one."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sources.errors import ApiError, ForbiddenError, NotFoundError
from sources.spotify.api.endpoints import Endpoint
from sources.spotify.resources.base import Context
from sources.spotify.resources.catalogue.budget import Allowance

Answer = tuple[str, Any]
"""An id and its object, null where Spotify knows none."""


@dataclass(frozen=True, slots=True)
class LookupEndpoints:
    """The endpoints for looking up objects of a kind.

    Attributes:
        one: the endpoint of one.
        several: the endpoint of several, whose `limit` is how many ids it takes.
        attribute: of the latter's answer, the objects.
    """

    one: Endpoint[Any]
    several: Endpoint[Any]
    attribute: str

    @property
    def size(self) -> int:
        """How many ids a batch takes."""
        return self.several.limit or 1


def answers(ctx: Context, ways: LookupEndpoints, ids: Sequence[str], allowance: Allowance) -> Iterator[list[Answer]]:
    """Looks up objects by id, request by request, as far as the allowance reaches.

    Raises:
        ForbiddenError: the app may not ask for one either.
        PlaylakeError: an object could not be read.
    """
    left = list(ids)
    if ctx.catalogue.takes_batches is not False and len(left) > 1 and allowance.left > 0:
        # Only after one batch is it known whether the app may.
        first, left = left[: ways.size], left[ways.size :]
        found = _probed(ctx, ways, first, allowance)
        if found is None:
            left = first + left
        else:
            yield found
            left = yield from _batches(ctx, ways, left, allowance)
    jobs = left[: max(allowance.left, 0)]
    allowance.take(len(jobs))
    for answer in ctx.client.prefetch(partial(_one, ctx, ways), jobs):
        yield [answer]


def _probed(ctx: Context, ways: LookupEndpoints, ids: Sequence[str], allowance: Allowance) -> list[Answer] | None:
    allowance.take()
    try:
        found = _several(ctx, ways, ids)
    except (ForbiddenError, NotFoundError):
        ctx.catalogue.takes_batches = False
        return None
    ctx.catalogue.takes_batches = True
    return found


def _batches(
    ctx: Context, ways: LookupEndpoints, ids: Sequence[str], allowance: Allowance
) -> Generator[list[Answer], None, list[str]]:
    """All batches.

    Returns:
        Ids of those that Spotify refused.
    """
    jobs = [ids[start : start + ways.size] for start in range(0, len(ids), ways.size)][: max(allowance.left, 0)]
    allowance.take(len(jobs))
    refused: list[str] = []
    for job, found in zip(jobs, ctx.client.prefetch(partial(_several, ctx, ways), jobs), strict=True):
        if found is None:
            refused += job
        else:
            yield found
    return refused


def _several(ctx: Context, ways: LookupEndpoints, ids: Sequence[str]) -> list[Answer] | None:
    """A batch; null if one of its ids is none to Spotify, which then refuses all of them."""
    try:
        answer = ctx.client.get(ways.several, ids=",".join(ids))
    except ApiError as error:
        if error.status != 400:
            raise
        return None
    found = getattr(answer, ways.attribute)
    if found is None or len(found) != len(ids):
        msg = f"{ctx.client.url(ways.several)} did not answer as many objects as were asked for: report this, please."
        raise ApiError(msg, 200)
    return list(zip(ids, found, strict=True))


def _one(ctx: Context, ways: LookupEndpoints, object_id: str) -> Answer:
    try:
        return object_id, ctx.client.get(ways.one, object_id)
    except ApiError as error:
        # Spotify takes some texts of 22 letters for no id: "Invalid base62 id".
        if error.status not in (400, 404):
            raise
        return object_id, None
