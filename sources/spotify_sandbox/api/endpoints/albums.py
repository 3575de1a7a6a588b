"""``GET /albums/{id}``, ``GET /albums?ids`` and ``GET /albums/{id}/tracks``."""

from starlette.responses import Response

from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints.access import view_of
from sources.spotify_sandbox.api.endpoints.lookups import first_page, one_id, page_of, several_ids, track_at
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import not_found
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.render import full_tracks
from sources.spotify_sandbox.render.albums import album as written
from sources.spotify_sandbox.render.objects import Json, encoded, page_items_first, page_items_last
from sources.spotify_sandbox.render.paging import Page
from sources.spotify_sandbox.world.contents import Release


def album(call: Call) -> Response:
    """An album with the first 50 of its tracks."""
    return answers.public(encoded(_album(call, _found(call))))


def albums(call: Call) -> Response:
    """Up to 20 albums in the order of their ids; null for an unknown one."""
    found = map(call.world.catalogue.works.release, several_ids(call, 20))
    return answers.public(encoded({"albums": [each and _album(call, each) for each in found]}))


def album_tracks(call: Call) -> Response:
    """A page of an album's tracks, 20 by default, at most 50."""
    found = _found(call)
    page = page_of(call, f"/albums/{found.album.id}/tracks", 20, 50)
    return answers.public(encoded(page_items_first(page, _tracks(call, found, page), len(found.tracks))))


def _found(call: Call) -> Release:
    found = call.world.catalogue.works.release(one_id(call))
    if found is None:
        raise not_found()
    return found


def _album(call: Call, release: Release) -> Json:
    page = first_page(call, f"/albums/{release.album.id}/tracks")
    tracks = page_items_last(page, _tracks(call, release, page), len(release.tracks))
    return written(release, tracks, view_of(call))


def _tracks(call: Call, release: Release, page: Page) -> list[Json]:
    view, numbers = view_of(call), release.tracks[page.offset : page.offset + page.limit]
    return [full_tracks.on_an_album(track_at(call.world, number), view) for number in numbers]


ENDPOINTS = (
    Endpoint("GET", "/albums", albums, development_status=403),
    Endpoint("GET", "/albums/{id}", album),
    Endpoint("GET", "/albums/{id}/tracks", album_tracks),
)
