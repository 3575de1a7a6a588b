"""The resource `profile`: the signed-in user's profile, and public profiles of users that the lake mentions.

https://developer.spotify.com/documentation/web-api/reference/get-current-users-profile
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from schemas.catalogue.users import TABLE
from sources.spotify.api.endpoints import ME, USER, Endpoint
from sources.spotify.models.answers import User
from sources.spotify.resources.base import Checkpoint, Context, Row
from sources.spotify.resources.mentioned_users import mentioned_users
from sources.spotify.resources.order_and_groups import login_for
from sources.spotify.resources.part import part

PRIVATE = "user-read-private"
"""The scope without which country and product are left out."""


class Profile:
    """The user's own row of `users`, with the fields that only the user may see."""

    name = "profile"
    scopes = frozenset({PRIVATE})
    tables = ("users", "catalogue_reads", "resource_reads")
    endpoints: Mapping[Endpoint[Any], tuple[str, ...]] = MappingProxyType(
        {ME: ("users",), USER: ("users", "catalogue_reads")}
    )

    def read(self, ctx: Context) -> Iterator[Row | Checkpoint]:
        """The profile, and its row of `resource_reads` if it is new.

        Raises:
            PlaylakeError: the signed-in user's id could not be requested.
        """
        user_id = ctx.client.whoami()
        ctx.recorder.record.user_id = user_id
        with part(ctx, self.name, "me", user_id) as read:
            user = ctx.client.me()
            if not ctx.settings.store_email:
                user = msgspec.structs.replace(user, email=None)
            read.is_whole, read.items = True, 1
            known = ctx.state.user(user_id)
            read.new_items = int(known.get("account_id") is None and known.get("country") is None)
            if _says_nothing_new(user, known):
                read.outcome = "unchanged"
            elif PRIVATE in ctx.client.tokens.lacking(self.scopes):
                read.message = f"country and product need the scope {PRIVATE}: {login_for(self.name)}."
            yield Row("users", user)
        if read.outcome != "unchanged":
            yield Row("resource_reads", read)
        yield Checkpoint(left=1, needs_new_load=True)
        yield from mentioned_users(ctx, self.name)


def _says_nothing_new(user: User, known: Mapping[str, Any]) -> bool:
    """Whether every value that was sent is stored already."""
    sent = {column.name: column.value(user) for column in TABLE.columns}
    return bool(known) and all(value in (None, "", known[name]) for name, value in sent.items())
