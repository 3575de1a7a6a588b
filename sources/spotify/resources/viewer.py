"""Through whose eyes a list is seen that Spotify makes for a country: users of one lake may live in several."""

from sources.spotify.resources.base import Context


def viewer(ctx: Context) -> str:
    """The `user_id` of lists that say what is found or shown where a user lives.

    It is an empty text for an app alone, and for the first user of a lake, who is mostly the only one: whoever comes
    later has lists of their own, or the lists of the two would replace each other with every sync. Who is signed in
    is asked, if no answer has said it, only where earlier runs tell of a user.

    Raises:
        PlaylakeError: the request failed.
    """
    users = ctx.state.users()
    if not ctx.client.is_user or not users:
        return ""
    user_id = ctx.client.whoami()
    ctx.recorder.record.user_id = user_id
    return "" if user_id == users[0] else user_id
