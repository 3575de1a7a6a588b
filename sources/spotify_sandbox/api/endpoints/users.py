"""``GET /me``, ``GET /me/playlists`` and ``GET /users/{id}/playlists``."""

from urllib.parse import quote

from starlette.responses import Response

from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.render import paging
from sources.spotify_sandbox.render.json import quoted
from sources.spotify_sandbox.render.paging import Page
from sources.spotify_sandbox.render.playlists import summary
from sources.spotify_sandbox.render.users import profile
from sources.spotify_sandbox.world.playlist import Playlist


def me(call: Call) -> Response:
    """The signed-in user."""
    grant = call.grant
    body = profile(
        call.world.users.find(call.user_id()),
        call.base,
        trimmed=call.rules.restricted,
        email=grant.allows("user-read-email"),
        private=grant.allows("user-read-private"),
    )
    return answers.private(body.encode())


def my_playlists(call: Call) -> Response:
    """The signed-in user's library. Its links lead to ``/users/{id}/playlists`` (recorded 2022 to 2026)."""
    return answers.private(_list(call, call.user_id(), maximum=50))


def user_playlists(call: Call) -> Response:
    """The playlists of a user; gone for development apps, to which ``/me/playlists`` still links."""
    return answers.public(_list(call, call.path["id"], maximum=100))


def _list(call: Call, user_id: str, maximum: int) -> bytes:
    shown = _shown(call, user_id)
    page = Page(
        address=f"{call.base}/users/{quote(user_id, safe='')}/playlists",
        offset=paging.offset(call.query),
        limit=paging.limit(call.query, 20, maximum, minimum=0),
        echo=paging.echo({}, call.language),
    )
    find = call.world.users.find
    elements = b",".join(
        b"null" if playlist is None else summary(playlist, find(playlist.owner), call.base, call.rules)
        for playlist in shown[page.offset : page.offset + page.limit]
    )
    head = (
        f'{{"href":{quoted(page.href)},"limit":{page.limit},"next":{quoted(page.next(len(shown)))},'
        f'"offset":{page.offset},"previous":{quoted(page.previous())},"total":{len(shown)},"items":['
    )
    return head.encode() + elements + b"]}"


def _shown(call: Call, user_id: str) -> list[Playlist | None]:
    world, grant = call.world, call.grant
    if user_id != grant.user:
        return [playlist for playlist in world.listed() if playlist.owner == user_id and playlist.public is not False]
    listing = world.personal(user_id).listing
    listed = [None if playlist_id is None else world.playlists[playlist_id] for playlist_id in listing]
    private, shared = grant.allows("playlist-read-private"), grant.allows("playlist-read-collaborative")
    return [
        playlist
        for playlist in listed
        if playlist is None
        or (
            (shared or not playlist.collaborative)
            and (private or playlist.collaborative or playlist.public is not False)
        )
    ]


ENDPOINTS = (
    Endpoint("GET", "/me", me, user=True),
    Endpoint("GET", "/me/playlists", my_playlists, user=True),
    Endpoint("GET", "/users/{id}/playlists", user_playlists, development_status=403),
)
