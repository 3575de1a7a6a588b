"""``GET /playlists/{id}/items`` and its older name ``GET /playlists/{id}/tracks``."""

import msgspec
from starlette.responses import Response

from sources.spotify_sandbox.api import fields
from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints.access import may_read_contents, playlist_of, view_of
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import forbidden
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.render import paging
from sources.spotify_sandbox.render.paging import Page


def items(call: Call) -> Response:
    """A page of entries, 20 by default, at most 50. Names inside an entry are those of the regime."""
    if call.rules.restricted:
        call.user_id()
    return _page(call, "items", default=20, maximum=50)


def tracks(call: Call) -> Response:
    """A page of entries, 100 by default and at most; gone for development apps."""
    return _page(call, "tracks", default=100, maximum=100)


def _page(call: Call, name: str, default: int, maximum: int) -> Response:
    found = playlist_of(call)
    page = Page(
        address=f"{call.base}/playlists/{found.id}/{name}",
        offset=paging.offset(call.query),
        limit=paging.limit(call.query, default, maximum),
        types=call.query.get("additional_types"),
        echo=paging.echo(call.query, call.language),
    )
    if not may_read_contents(call, found):
        raise forbidden()
    body = call.service.pages.page(found, page, call.rules, view_of(call))
    if "fields" in call.query:
        body = msgspec.json.encode(fields.parse(call.query["fields"]).apply(msgspec.json.decode(body)))
    return answers.public(body)


ENDPOINTS = (
    Endpoint("GET", "/playlists/{id}/items", items),
    Endpoint("GET", "/playlists/{id}/tracks", tracks, development_status=403),
)
