"""Looks up public profiles of users that the lake mentions: owners of playlists, and people who added items.

https://developer.spotify.com/documentation/web-api/reference/get-users-profile. Apps in development mode may not ask
for them since February 2026.
"""

from collections.abc import Iterator
from functools import partial

from sources.errors import NotFoundError
from sources.spotify.api.endpoints import USER
from sources.spotify.models.answers import User
from sources.spotify.models.run_records import CatalogueRead, ResourceRead
from sources.spotify.resources.base import Checkpoint, Context, Row
from sources.spotify.resources.part import part

SUBJECT = "users"


def mentioned_users(ctx: Context, resource: str) -> Iterator[Row | Checkpoint]:
    """Looks up users not read lately, those who own or added most first, as far as the budget reaches."""
    since = ctx.started_at - ctx.settings.describe_after
    is_refused = ctx.state.was_refused(resource, SUBJECT, ctx.client.client_id, since)
    if ctx.recorder.error is not None or is_refused:
        return
    ctx.catalogue.takers += 1
    allowance = ctx.catalogue.share()
    wanted = ctx.state.wanted_users(SUBJECT, since, max(allowance.left, 0), but=str(ctx.client.user_id))
    if not wanted.ids:
        return
    with part(ctx, resource, SUBJECT, is_extra=True) as read:
        read.items = 0
        # The first answer shows whether the app has access.
        for ids in (wanted.ids[:1], wanted.ids[1:]):
            allowance.take(len(ids))
            for user_id, user in ctx.client.prefetch(partial(_asked, ctx), ids):
                yield from _rows(ctx, user_id, user, read)
        read.is_whole = read.items == wanted.total
        if not read.is_whole:
            read.message = f"{wanted.total - read.items:,} more are wanted: the next sync goes on."
    yield Row("resource_reads", read)
    yield Checkpoint(read.requests)


def _asked(ctx: Context, user_id: str) -> tuple[str, User | None]:
    try:
        return user_id, ctx.client.get(USER, user_id)
    except NotFoundError:
        return user_id, None


def _rows(ctx: Context, user_id: str, user: User | None, read: ResourceRead) -> Iterator[Row]:
    """The user, and that they were asked for."""
    read.items = (read.items or 0) + 1
    if user is not None:
        read.new_items += 1
        yield Row("users", user)
    yield Row("catalogue_reads", CatalogueRead(SUBJECT, user_id, ctx.now(), "gone" if user is None else "read"))
