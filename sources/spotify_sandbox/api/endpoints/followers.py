"""Following playlists: ``/playlists/{id}/followers``."""

import msgspec
from starlette.responses import Response

from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints.access import modifies, playlist_of
from sources.spotify_sandbox.api.endpoints.bodies import TOO_MANY_IDS, listed, members
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import bad_request
from sources.spotify_sandbox.http import answers


def follow(call: Call) -> Response:
    """Add a playlist to the library; ``public`` in the body decides which scope that needs."""
    found = playlist_of(call, scoped=False)
    modifies(call, members(call).flag("public"))
    call.world.personal(call.user_id()).follow(found.id)
    return answers.done()


def unfollow(call: Call) -> Response:
    """Remove a playlist from the library; it stays readable by its id, even if the user owns it."""
    found = playlist_of(call, scoped=False)
    call.world.personal(call.user_id()).unfollow(found.id)
    return answers.done()


def contains(call: Call) -> Response:
    """Whether a user, by default the signed-in one, follows a playlist: an array of one."""
    found = playlist_of(call)
    users = listed(call.query.get("ids", "")) or [call.user_id()]
    if len(users) > 1:
        raise bad_request(TOO_MANY_IDS)
    follows = [found.id in call.world.personal(user).listing for user in users if user in call.world.users]
    return answers.private(msgspec.json.encode(follows or [False]))


_MODIFY = ("playlist-modify-public", "playlist-modify-private")

ENDPOINTS = (
    Endpoint("PUT", "/playlists/{id}/followers", follow, _MODIFY, user=True, development_status=403),
    Endpoint("DELETE", "/playlists/{id}/followers", unfollow, _MODIFY, user=True, development_status=403),
    Endpoint("GET", "/playlists/{id}/followers/contains", contains, user=True, development_status=403),
)
