"""Saving, removing and checking: one group of endpoints for each kind, and since February 2026 one for all kinds.

Facts: https://developer.spotify.com/documentation/web-api/reference/save-library-items
"""

from urllib.parse import unquote

import msgspec
from starlette.responses import Response

from sources.spotify_sandbox.api.endpoint import Endpoint, given
from sources.spotify_sandbox.api.endpoints import bodies
from sources.spotify_sandbox.api.endpoints.access import is_seen
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import WorldError, bad_request
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.world import ids, timestamps
from sources.spotify_sandbox.world.library import KINDS, Kind, Library
from sources.spotify_sandbox.world.world import World

MOST_URIS = 40

_MODIFY = {"artist": "user-follow-modify", "user": "user-follow-modify", "playlist": "playlist-modify-public"}
_READ = {"artist": "user-follow-read", "user": "user-follow-read", "playlist": "playlist-read-private"}


def exists(world: World, kind: Kind, item_id: str) -> bool:
    """Whether there is something to save; unknown ids are silently ignored."""
    works = world.catalogue.works
    if kind in {"track", "episode"}:
        return world.catalogue.find(f"spotify:{kind}:{item_id}") is not None
    if kind == "user":
        return item_id in world.users
    find = {"album": works.release, "artist": works.performer, "show": works.show, "audiobook": works.audiobook}[kind]
    return find(item_id) is not None


def _library(call: Call) -> Library:
    return call.world.personal(call.user_id()).library


def _now(call: Call) -> int:
    return int(call.world.clock().timestamp())


def _save(call: Call, kind: Kind, item_ids: list[str]) -> None:
    library = _library(call)
    # The first of a request ends up on top, as if the last had been saved first.
    for item_id in reversed(item_ids):
        if exists(call.world, kind, item_id):
            library.save(kind, item_id, _now(call))


def save(call: Call, kind: Kind, maximum: int) -> Response:
    """Save some things of a kind; tracks may come with the times at which they were saved."""
    if kind == "track" and (dated := _timestamped(call)) is not None:
        for item_id, second in dated:
            if exists(call.world, kind, item_id):
                _library(call).date(kind, item_id, second)
    else:
        _save(call, kind, bodies.ids(call, maximum))
    return answers.done()


def _timestamped(call: Call) -> list[tuple[str, int]] | None:
    """``timestamped_ids`` of the body, which take precedence over all others."""
    body = bodies.decoded(call)
    objects = bodies.Members(body).objects("timestamped_ids") if isinstance(body, dict) else None
    if objects is None:
        return None
    bodies.checked([each.text("id") or "" for each in objects], 50)
    return [(each.text("id") or "", _second(each.text("added_at"))) for each in objects]


def _second(text: str | None) -> int:
    try:
        return timestamps.read(text or "")
    except WorldError:
        raise bad_request(bodies.NONCONFORMING) from None


def remove(call: Call, kind: Kind, maximum: int) -> Response:
    """Remove some saved things of a kind."""
    for item_id in bodies.ids(call, maximum):
        _library(call).remove(kind, item_id)
    return answers.done()


def contains(call: Call, kind: Kind, maximum: int) -> Response:
    """Whether each of some things is saved: an array of booleans."""
    library = _library(call)
    return _booleans([library.contains(kind, item_id) for item_id in bodies.ids(call, maximum)])


def _booleans(values: list[bool]) -> Response:
    return answers.private(msgspec.json.encode(values))


def _uris(call: Call, scopes: dict[str, str], other: str) -> list[tuple[str, str]]:
    """The kinds and ids of the URIs in the query, all of which this token may change."""
    found = bodies.listed(call.query.get("uris", ""))
    if not found:
        message = "Missing required field: uris"
        raise bad_request(message)
    if len(found) > MOST_URIS:
        message = "Too many uris requested"
        raise bad_request(message)
    pairs = []
    for uri in found:
        parsed = bodies.parsed_uri(uri)
        if parsed is None or parsed[0] not in {*KINDS, "playlist"} or not (parsed[0] == "user" or ids.is_id(parsed[1])):
            message = f"Invalid uri: {uri}"
            raise bad_request(message)
        # An id of a user may have any character, and stands in a URI as in an address.
        pairs.append((parsed[0], unquote(parsed[1])))
    for scope in {scopes.get(kind, other) for kind, _ in pairs}:
        bodies.scoped(call, scope)
    return pairs


def save_uris(call: Call) -> Response:
    """Save, or follow, up to 40 things of any kinds."""
    personal = call.world.personal(call.user_id())
    for kind, item_id in reversed(_uris(call, _MODIFY, "user-library-modify")):
        if kind == "playlist":
            found = call.world.playlists.get(item_id)
            if found is not None and is_seen(call, found):
                personal.follow(item_id)
        else:
            _save(call, _kind(kind), [item_id])
    return answers.done()


def remove_uris(call: Call) -> Response:
    """Remove, or unfollow, up to 40 things of any kinds."""
    personal = call.world.personal(call.user_id())
    for kind, item_id in _uris(call, _MODIFY, "user-library-modify"):
        if kind == "playlist":
            personal.unfollow(item_id)
        else:
            personal.library.remove(_kind(kind), item_id)
    return answers.done()


def contains_uris(call: Call) -> Response:
    """Whether each of up to 40 things of any kinds is saved or followed: an array of booleans."""
    personal = call.world.personal(call.user_id())
    return _booleans(
        [
            item_id in personal.listing if kind == "playlist" else personal.library.contains(_kind(kind), item_id)
            for kind, item_id in _uris(call, _READ, "user-library-read")
        ]
    )


def _kind(text: str) -> Kind:
    return next(kind for kind in KINDS if kind == text)


def _of(name: str, kind: Kind, maximum: int) -> tuple[Endpoint, ...]:
    modify, read = ("user-library-modify",), ("user-library-read",)
    path = f"/me/{name}"
    return (
        Endpoint("PUT", path, given(save, kind, maximum), modify, user=True, development_status=403),
        Endpoint("DELETE", path, given(remove, kind, maximum), modify, user=True, development_status=403),
        Endpoint("GET", f"{path}/contains", given(contains, kind, maximum), read, user=True, development_status=403),
    )


_MODIFY_ANY = ("user-library-modify", "user-follow-modify", "playlist-modify-public")
_READ_ANY = ("user-library-read", "user-follow-read", "playlist-read-private")

ENDPOINTS = (
    *_of("albums", "album", 20),
    *_of("tracks", "track", 50),
    *_of("episodes", "episode", 50),
    *_of("shows", "show", 50),
    *_of("audiobooks", "audiobook", 50),
    Endpoint("PUT", "/me/library", save_uris, _MODIFY_ANY, user=True),
    Endpoint("DELETE", "/me/library", remove_uris, _MODIFY_ANY, user=True),
    Endpoint("GET", "/me/library/contains", contains_uris, _READ_ANY, user=True),
)
