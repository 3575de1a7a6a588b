"""Followed artists and users: ``/me/following``."""

import msgspec
from starlette.responses import Response

from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints import bodies
from sources.spotify_sandbox.api.endpoints.access import view_of
from sources.spotify_sandbox.api.endpoints.library import exists
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import bad_request
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.render import artists, paging
from sources.spotify_sandbox.render.objects import encoded
from sources.spotify_sandbox.world.library import Kind, Library

_AT_ONCE = 50


def followed(call: Call) -> Response:
    """A page of the followed artists, by cursor: ``after`` is the id of the last artist of the page before."""
    if call.query.get("type") != "artist":
        raise _invalid_type()
    limit = paging.limit(call.query, 20, _AT_ONCE)
    found = [artist_id for artist_id, _ in _library(call).listed("artist")]
    after = call.query.get("after")
    # After an artist whom the user does not follow, the list is empty.
    behind = found if after is None else found[found.index(after) + 1 :] if after in found else []
    shown = behind[:limit]
    last = shown[-1] if limit < len(behind) else None
    performers = map(call.world.catalogue.works.performer, shown)
    page = {
        "href": _address(call, limit, after),
        "limit": limit,
        "next": last and _address(call, limit, last),
        "cursors": {"after": last},
        "total": len(found),
        "items": [artists.artist(performer, view_of(call)) for performer in performers if performer is not None],
    }
    return answers.private(encoded({"artists": page}))


def _address(call: Call, limit: int, after: str | None) -> str:
    cursor = "" if after is None else f"&after={after}"
    return f"{call.base}/me/following?type=artist&limit={limit}{cursor}{paging.echo({}, call.language)}"


def follow(call: Call) -> Response:
    """Follow some artists or users."""
    kind, library = _kind(call), _library(call)
    for item_id in reversed(_ids(call, kind)):
        if exists(call.world, kind, item_id):
            library.save(kind, item_id, int(call.world.clock().timestamp()))
    return answers.done(204)


def unfollow(call: Call) -> Response:
    """Unfollow some artists or users."""
    kind, library = _kind(call), _library(call)
    for item_id in _ids(call, kind):
        library.remove(kind, item_id)
    return answers.done(204)


def contains(call: Call) -> Response:
    """Whether the user follows each of some artists or users: an array of booleans."""
    kind, library = _kind(call), _library(call)
    follows = [library.contains(kind, item_id) for item_id in _ids(call, kind)]
    return answers.private(msgspec.json.encode(follows))


def _library(call: Call) -> Library:
    return call.world.personal(call.user_id()).library


def _kind(call: Call) -> Kind:
    asked = call.query.get("type")
    if asked == "artist":
        return "artist"
    if asked == "user":
        return "user"
    raise _invalid_type()


def _ids(call: Call, kind: Kind) -> list[str]:
    return bodies.ids(call, _AT_ONCE, base=kind == "artist")


def _invalid_type() -> Exception:
    return bad_request("Invalid type")


_MODIFY, _READ = ("user-follow-modify",), ("user-follow-read",)

ENDPOINTS = (
    Endpoint("GET", "/me/following", followed, _READ, user=True),
    Endpoint("PUT", "/me/following", follow, _MODIFY, user=True, development_status=403),
    Endpoint("DELETE", "/me/following", unfollow, _MODIFY, user=True, development_status=403),
    Endpoint("GET", "/me/following/contains", contains, _READ, user=True, development_status=403),
)
