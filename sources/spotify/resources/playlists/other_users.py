"""Reads public playlists of other users, for apps that still have access."""

from collections.abc import Generator

from sources.spotify.api.pagination import playlists_of
from sources.spotify.models.playlists import Playlist
from sources.spotify.resources.base import Context, Row
from sources.spotify.resources.part import part
from sources.spotify.resources.playlists.messages import left_out_message


def other_users_playlists(ctx: Context, resource: str, given: set[str]) -> Generator[Row, None, list[Playlist]]:
    """Reads the list of each user of the setting `users`, and yields how that ended.

    Args:
        ctx: the context of the run.
        resource: the name of the resource.
        given: ids of playlists that are read already; what is found is added.

    Returns:
        Playlists that are not among those.
    """
    found: list[Playlist] = []
    for user_id in ctx.settings.users:
        if ctx.recorder.error is not None:
            break
        with part(ctx, resource, f"user {user_id}", user_id) as read:
            listed = playlists_of(ctx.client, user_id)
            read.items, read.is_whole = len(listed), True
            shown = {str(playlist.id): playlist for playlist in listed if playlist is not None and playlist.id}
            read.new_items = len(shown.keys() - ctx.state.were_listed([*shown]).keys())
            if left_out := ctx.client.take_left_out(user_id):
                read.message = f"In the list of {user_id}, {left_out_message(left_out)}"
            elif not read.new_items:
                read.outcome = "unchanged"
            found += [playlist for playlist_id, playlist in shown.items() if playlist_id not in given]
            given |= shown.keys()
        if read.outcome != "unchanged":
            yield Row("resource_reads", read)
    if ctx.recorder.error is not None:
        # The next request would fail in the same way.
        ctx.client.cancellation.abort(ctx.recorder.error)
    return found
