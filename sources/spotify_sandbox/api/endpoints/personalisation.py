"""What the signed-in user likes most: ``GET /me/top/artists`` and ``GET /me/top/tracks``."""

from collections.abc import Sequence
from typing import get_args

from starlette.responses import Response

from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints.access import view_of
from sources.spotify_sandbox.api.endpoints.lookups import country_of, track_at
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import bad_request, not_found
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.render import artists, full_tracks, paging
from sources.spotify_sandbox.render.objects import Json, encoded
from sources.spotify_sandbox.world.personal import TimeRange


def top(call: Call) -> Response:
    """A page of the user's top items over a time range; tracks have ``is_playable`` and ``available_markets``."""
    personal, time_range = call.world.personal(call.user_id()), _time_range(call)
    offset, limit = paging.offset(call.query), paging.limit(call.query, 20, 50)
    kind, view = call.path["type"], view_of(call)
    if kind == "tracks":
        numbers = personal.top_tracks(time_range)
        total, shown = len(numbers), (track_at(call.world, number) for number in numbers[offset : offset + limit])
        return _page(call, total, [full_tracks.track(track, view, country_of(call)) for track in shown])
    if kind == "artists":
        ids = personal.top_artists(time_range)
        found = map(call.world.catalogue.works.performer, ids[offset : offset + limit])
        return _page(call, len(ids), [artists.artist(each, view) for each in found if each is not None])
    raise not_found()


def _time_range(call: Call) -> TimeRange:
    asked = call.query.get("time_range", "medium_term")
    for known in get_args(TimeRange):
        if asked == known:
            return known  # type: ignore[no-any-return]
    message = "Invalid time range"
    raise bad_request(message)


def _page(call: Call, total: int, items: Sequence[Json]) -> Response:
    """Keys in the order recorded in 2026; ``href`` repeats only what was asked."""
    offset, limit = paging.offset(call.query), paging.limit(call.query, 20, 50)
    given = {name: call.query[name] for name in ("offset", "limit", "time_range") if name in call.query}
    page = {
        "items": items,
        "total": total,
        "limit": limit,
        "offset": offset,
        "href": _address(call, given),
        "next": _address(call, _there(given, offset + limit, limit)) if offset + limit < total else None,
        "previous": _address(call, _there(given, max(0, offset - limit), limit)) if offset else None,
    }
    return answers.private(encoded(page))


def _there(given: dict[str, str], offset: int, limit: int) -> dict[str, str]:
    return {"offset": str(offset), "limit": str(limit)} | {
        name: value for name, value in given.items() if name == "time_range"
    }


def _address(call: Call, query: dict[str, str]) -> str:
    parts = "&".join(f"{name}={value}" for name, value in query.items()) + paging.echo({}, call.language)
    return f"{call.base}/me/top/{call.path['type']}" + (f"?{parts.removeprefix('&')}" if parts else "")


ENDPOINTS = (Endpoint("GET", "/me/top/{type}", top, ("user-top-read",), user=True),)
