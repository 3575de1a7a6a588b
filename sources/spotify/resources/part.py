"""Reads one part of a resource in isolation: an error becomes its row in `resource_reads`, and other parts go on."""

from collections.abc import Iterator
from contextlib import contextmanager

from sources.errors import PlaylakeError, ScopeError
from sources.spotify.models.run_records import ResourceRead
from sources.spotify.resources.base import Context
from sources.spotify.resources.order_and_groups import login_for
from sources.spotify.resources.outcome import ends_run, is_not_available, outcome_of


@contextmanager
def part(
    ctx: Context, resource: str, subject: str, user_id: str | None = None, *, is_extra: bool = False
) -> Iterator[ResourceRead]:
    """Yields the row of `resource_reads`. A local error is stored in it; a run-ending error is given to the recorder.

    After the block the caller yields the row, unless nothing is new.

    Args:
        ctx: the context of the run.
        resource: the name of the resource.
        subject: the name of the part.
        user_id: the user, if the part belongs to one.
        is_extra: whether the part is optional, so that its refusal does not count as missing.
    """
    started, requests = ctx.now(), ctx.client.requests
    read = ResourceRead(ctx.recorder.record.run_id, resource, subject, user_id, "read", started, started)
    read.is_extra = is_extra
    try:
        yield read
    except PlaylakeError as error:
        read.outcome, read.message = outcome_of(error), str(error)
        read.lacks_scope = isinstance(error, ScopeError)
        if read.lacks_scope and "playlake login" not in read.message:
            read.message += f" Sign in again: {login_for(resource)}."
        if is_not_available(error):
            read.outcome = "not_available"
        elif ends_run(error):
            ctx.recorder.abort(error)
    read.requests, read.finished_at = ctx.client.requests - requests, ctx.now()
    ctx.recorder.note(read)
