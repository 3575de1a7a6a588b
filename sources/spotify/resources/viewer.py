"""Whose list it is, where Spotify makes a list for the user's country: users of one lake may live in several."""

from sources.spotify.resources.base import Context


def viewer(ctx: Context) -> str:
    """The `user_id` of lists that depend on the user's country.

    It is an empty text for an app without a user, and for the first user of a lake, usually the only one. Each later
    user has lists of their own; otherwise the lists of two users would replace each other with every sync. The user's
    id is only requested if no answer has contained it and earlier runs had a user.

    Raises:
        PlaylakeError: the request failed.
    """
    users = ctx.state.users()
    if not ctx.client.is_user or not users:
        return ""
    user_id = ctx.client.whoami()
    ctx.recorder.record.user_id = user_id
    return "" if user_id == users[0] else user_id
