"""``GET /search``: tracks, albums, artists, playlists, podcasts, episodes and audiobooks by words and filters.

Facts: https://developer.spotify.com/documentation/web-api/reference/search; links name ``query`` instead of ``q``
(recorded 2014 to 2026); no more than 1,000 results can be reached.
"""

from starlette.responses import Response

from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints.lookups import echoed, market_echo
from sources.spotify_sandbox.api.endpoints.search_results import FINDERS
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import ApiError
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.render import paging
from sources.spotify_sandbox.render.objects import Json, encoded, page_items_last
from sources.spotify_sandbox.render.paging import Page
from sources.spotify_sandbox.world.search_query import parse

REACHABLE = 1000
"""Number of results that paging can reach."""


def search(call: Call) -> Response:
    """A page of results for each type asked for, 20 by default and at most 50; 5 and 10 for development apps."""
    # Its own links say "query", and clients follow them.
    text = call.query.get("q") or call.query.get("query", "")
    if not text.strip():
        raise ApiError(400, "No search query")
    kinds = _kinds(call)
    default, maximum = (5, 10) if call.rules.restricted else (20, 50)
    limit, offset = paging.limit(call.query, default, maximum), paging.offset(call.query)
    if offset + limit > REACHABLE:
        raise ApiError(400, "Invalid offset")
    query, body = parse(text), {}
    for kind in kinds:
        results = FINDERS[kind](call, query)[:REACHABLE]
        echo = echoed("query", text) + echoed("type", kind) + market_echo(call)
        page = Page(f"{call.base}/search", offset, limit, echo)
        shown = [write() for write in results[offset : offset + limit]]
        body[f"{kind}s"] = _ending(page_items_last(page, shown, len(results)))
    return answers.public(encoded(body))


def _ending(body: Json) -> Json:
    """A page whose ``next`` does not lead beyond the results that can be reached."""
    return body | {"next": None} if body["offset"] + 2 * body["limit"] > REACHABLE else body


def _kinds(call: Call) -> list[str]:
    asked = call.query.get("type", "")
    if not asked:
        raise ApiError(400, "Missing parameter type")
    kinds = list(dict.fromkeys(asked.split(",")))
    for kind in kinds:
        if kind not in FINDERS:
            raise ApiError(400, f"Bad search type field {kind}")
    return kinds


ENDPOINTS = (Endpoint("GET", "/search", search),)
