"""Reads one part of a resource in isolation: an error becomes its row in `resource_reads`, and other parts go on."""

from collections.abc import Iterator
from contextlib import contextmanager

from sources.errors import PlaylakeError, ScopeError
from sources.spotify.models.rows import ResourceRead
from sources.spotify.resources.base import Context
from sources.spotify.resources.groups import login_for
from sources.spotify.resources.outcome import ends_run, is_not_available, outcome_of


@contextmanager
def part(
    ctx: Context, resource: str, subject: str, user_id: str | None = None, *, is_extra: bool = False
) -> Iterator[ResourceRead]:
    """Its row of `resource_reads`, in which an error in the block is noted; one that ends the run ends it.

    After the block the caller yields the row, unless it says that nothing is new.

    Args:
        ctx: of the run.
        resource: the resource's name.
        subject: which part of it.
        user_id: whose it is, if it is a user's.
        is_extra: whether nobody misses it where it may not be read.
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
