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
        one: the endpoint for one object.
        several: the endpoint for a batch, whose `limit` is how many ids it takes.
        attribute: the attribute of the batch's answer that holds the objects.
    """

    one: Endpoint[Any]
    several: Endpoint[Any]
    attribute: str

    @property
    def size(self) -> int:
        """How many ids a batch takes."""
        return self.several.limit or 1


def answers(ctx: Context, lookup: LookupEndpoints, ids: Sequence[str], allowance: Allowance) -> Iterator[list[Answer]]:
    """Looks up objects by id, request by request, as far as the allowance reaches.

    Raises:
        ForbiddenError: the app may not look up single objects either.
        PlaylakeError: a request failed.
    """
    left = list(ids)
    if ctx.catalogue.takes_batches is not False and len(left) > 1 and allowance.left > 0:
        # The first batch shows whether the app may request batches.
        first, left = left[: lookup.size], left[lookup.size :]
        found = _probed(ctx, lookup, first, allowance)
        if found is None:
            left = first + left
        else:
            yield found
            left = yield from _batches(ctx, lookup, left, allowance)
    jobs = left[: max(allowance.left, 0)]
    allowance.take(len(jobs))
    for answer in ctx.client.prefetch(partial(_one, ctx, lookup), jobs):
        yield [answer]


def _probed(ctx: Context, lookup: LookupEndpoints, ids: Sequence[str], allowance: Allowance) -> list[Answer] | None:
    allowance.take()
    try:
        found = _several(ctx, lookup, ids)
    except (ForbiddenError, NotFoundError):
        ctx.catalogue.takes_batches = False
        return None
    ctx.catalogue.takes_batches = True
    return found


def _batches(
    ctx: Context, lookup: LookupEndpoints, ids: Sequence[str], allowance: Allowance
) -> Generator[list[Answer], None, list[str]]:
    """Looks up all batches.

    Returns:
        The ids of the batches that Spotify refused.
    """
    jobs = [ids[start : start + lookup.size] for start in range(0, len(ids), lookup.size)][: max(allowance.left, 0)]
    allowance.take(len(jobs))
    refused: list[str] = []
    for job, found in zip(jobs, ctx.client.prefetch(partial(_several, ctx, lookup), jobs), strict=True):
        if found is None:
            refused += job
        else:
            yield found
    return refused


def _several(ctx: Context, lookup: LookupEndpoints, ids: Sequence[str]) -> list[Answer] | None:
    """The objects of a batch; null if Spotify considers one of the ids invalid and refuses the whole batch."""
    try:
        answer = ctx.client.get(lookup.several, ids=",".join(ids))
    except ApiError as error:
        if error.status != 400:
            raise
        return None
    found = getattr(answer, lookup.attribute)
    if found is None or len(found) != len(ids):
        msg = f"{ctx.client.url(lookup.several)} did not answer as many objects as were asked for: report this, please."
        raise ApiError(msg, 200)
    return list(zip(ids, found, strict=True))


def _one(ctx: Context, lookup: LookupEndpoints, object_id: str) -> Answer:
    try:
        return object_id, ctx.client.get(lookup.one, object_id)
    except ApiError as error:
        # Spotify rejects some ids of 22 letters: "Invalid base62 id".
        if error.status not in (400, 404):
            raise
        return object_id, None
