"""``GET /playlists/{id}`` and ``GET /playlists/{id}/images``."""

from collections.abc import Callable
from urllib.parse import quote

import msgspec
from starlette.responses import Response

from sources.spotify_sandbox import answers, fields, paging
from sources.spotify_sandbox.endpoint import Endpoint
from sources.spotify_sandbox.endpoints.access import may_read_contents, playlist_of, view_of
from sources.spotify_sandbox.paging import Page
from sources.spotify_sandbox.playlist import Playlist
from sources.spotify_sandbox.render.playlists import Member, joined, members
from sources.spotify_sandbox.service import Call

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
    # /items takes no more than 50, so that a link to its second page cannot ask for 100 (no recording tells).
    page = Page(
        address=f"{call.base}/playlists/{found.id}/{name}",
        offset=0,
        limit=EMBEDDED,
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


def images(call: Call) -> Response:
    """The cover of a playlist: a bare array, empty without one."""
    found = playlist_of(call)
    return answers.public(b"[]" if found.images == b"null" else found.images)


ENDPOINTS = (
    Endpoint("GET", "/playlists/{id}", playlist),
    Endpoint("GET", "/playlists/{id}/images", images),
)
