"""Playlists themselves: ``/playlists/{id}``, and creating them."""

from collections.abc import Callable
from html import escape
from urllib.parse import quote

import msgspec
from starlette.responses import Response

from sources.spotify_sandbox.api import fields
from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints.access import may_read_contents, modifies, owned, playlist_of, view_of
from sources.spotify_sandbox.api.endpoints.bodies import members as body_members
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import ApiError, bad_request
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.render import paging
from sources.spotify_sandbox.render.paging import Page
from sources.spotify_sandbox.render.playlists import Member, created, joined, members
from sources.spotify_sandbox.world.playlist import Playlist

EMBEDDED = 100
"""Entries in the page inside a playlist, in every regime."""


def playlist(call: Call) -> Response:
    """A playlist with the first page of its entries; development apps get the page only where they may read it."""
    found = playlist_of(call)
    pages = (
        [(name, _page(call, found, name)) for name in call.rules.collections] if may_read_contents(call, found) else []
    )
    owner = call.world.users.find(found.owner)
    parts = members(found, owner, call.base, echo=_echo(call), pages=pages)
    if "fields" in call.query:
        parts = _selected(parts, fields.parse(call.query["fields"]))
    return answers.public(joined(parts))


def _page(call: Call, found: Playlist, name: str) -> Callable[[], bytes]:
    # /items takes no more than 50, so the link to the second page cannot have 100 (there is no recording).
    page = Page(
        address=f"{call.base}/playlists/{found.id}/{name}",
        offset=0,
        limit=EMBEDDED,
        types=call.query.get("additional_types"),
        echo=paging.echo({key: value for key, value in call.query.items() if key != "fields"}, call.language),
        next_limit=50 if name == "items" else None,
    )
    return lambda: call.service.pages.page(found, page, call.rules, view_of(call))


def _echo(call: Call) -> str:
    parts = []
    if "market" in call.query:
        parts.append("market=" + quote(call.query["market"], safe=""))
    if "additional_types" in call.query:
        parts.append("additional_types=track")
    if call.language:
        parts.append("locale=" + quote(call.language, safe=""))
    return "?" + "&".join(parts) if parts else ""


def _selected(parts: list[Member], selection: fields.Selection) -> list[Member]:
    return [
        (key, write if selection.of(key).whole else _filtered(write, selection.of(key)))
        for key, write in parts
        if selection.wants(key)
    ]


def _filtered(write: Callable[[], bytes], selection: fields.Selection) -> Callable[[], bytes]:
    return lambda: msgspec.json.encode(selection.apply(msgspec.json.decode(write())))


def change(call: Call) -> Response:
    """Change details: name, description, public, collaborative. Unchanged values do not change the snapshot id."""
    found, body = owned(call), body_members(call)
    name, description = body.text("name"), body.text("description")
    public, collaborative = body.flag("public"), body.flag("collaborative")
    if public is False:
        modifies(call, public)
    _check_sharing(found.public if public is None else public, collaborative)
    if name:
        found.rename(name)
    if description is not None:
        found.describe(_escaped(description))
    if public is not None:
        found.set_public(public)
    if collaborative is not None:
        found.set_collaborative(collaborative)
    return answers.done()


def create(call: Call) -> Response:
    """A new playlist of the signed-in user, at the top of the library."""
    return _create(call, call.user_id())


def create_for_user(call: Call) -> Response:
    """The same at the older address with the user's id."""
    if call.path["id"] != call.user_id():
        message = "You cannot create a playlist for another user."
        raise ApiError(403, message)
    return _create(call, call.path["id"])


def _create(call: Call, user_id: str) -> Response:
    body = body_members(call)
    name, public, collaborative = body.text("name"), body.flag("public"), body.flag("collaborative")
    description = body.text("description")
    if not name:
        message = "Missing required field: name"
        raise bad_request(message)
    _check_sharing(public is not False, collaborative)
    modifies(call, public)
    new = call.world.personal(user_id).create(
        name,
        public=public is not False,
        collaborative=bool(collaborative),
        description="" if description is None else _escaped(description),
    )
    return answers.private(created(new, call.world.users.find(user_id), call.base, call.rules), 201)


def _check_sharing(public: bool | None, collaborative: bool | None) -> None:
    # Only playlists that are not public can be collaborative (reference of creating and changing playlists).
    if collaborative and public is not False:
        message = "Collaborative playlists can only be private"
        raise bad_request(message)


def _escaped(description: str) -> str:
    # Recorded descriptions have these entities, also for the slash.
    return escape(description).replace("/", "&#x2F;")


_MODIFY = ("playlist-modify-public", "playlist-modify-private")

ENDPOINTS = (
    Endpoint("GET", "/playlists/{id}", playlist),
    Endpoint("PUT", "/playlists/{id}", change, _MODIFY, user=True),
    Endpoint("POST", "/me/playlists", create, _MODIFY, user=True),
    Endpoint("POST", "/users/{id}/playlists", create_for_user, _MODIFY, user=True, development_status=403),
)
