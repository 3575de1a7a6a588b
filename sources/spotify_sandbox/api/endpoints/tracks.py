"""``GET /tracks/{id}`` and ``GET /tracks?ids``."""

from starlette.responses import Response

from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints.access import view_of
from sources.spotify_sandbox.api.endpoints.lookups import one_id, several_ids, track_by_id
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import not_found
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.render import full_tracks
from sources.spotify_sandbox.render.objects import encoded


def track(call: Call) -> Response:
    """A track, under another id where it is relinked."""
    found = track_by_id(call.world, one_id(call))
    if found is None:
        raise not_found()
    return answers.public(encoded(full_tracks.track(found, view_of(call))))


def tracks(call: Call) -> Response:
    """Up to 50 tracks in the order of their ids; null for an unknown one."""
    view = view_of(call)
    found = [track_by_id(call.world, track_id) for track_id in several_ids(call, 50)]
    return answers.public(encoded({"tracks": [each and full_tracks.track(each, view) for each in found]}))


ENDPOINTS = (
    Endpoint("GET", "/tracks", tracks, development_status=403),
    Endpoint("GET", "/tracks/{id}", track),
)
