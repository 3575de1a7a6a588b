"""``GET /audio-features`` of one track and of several, and ``GET /audio-analysis``; closed to development apps."""

from starlette.responses import Response

from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints.access import view_of
from sources.spotify_sandbox.api.endpoints.lookups import one_id, several_ids, track_by_id
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import ApiError
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.render import audio
from sources.spotify_sandbox.render.objects import encoded


def audio_features(call: Call) -> Response:
    """The audio features of a track."""
    found = track_by_id(call.world, one_id(call))
    if found is None:
        raise ApiError(404, "analysis not found")
    return answers.public(encoded(audio.audio_features(found, view_of(call))))


def several_audio_features(call: Call) -> Response:
    """The audio features of up to 100 tracks in the order of their ids; null for an unknown one."""
    view = view_of(call)
    found = [track_by_id(call.world, track_id) for track_id in several_ids(call, 100)]
    return answers.public(encoded({"audio_features": [each and audio.audio_features(each, view) for each in found]}))


def audio_analysis(call: Call) -> Response:
    """The audio analysis of a track."""
    found = track_by_id(call.world, one_id(call))
    if found is None:
        raise ApiError(404, "analysis not found")
    return answers.public(encoded(audio.audio_analysis(found)))


ENDPOINTS = (
    Endpoint("GET", "/audio-features", several_audio_features, development_status=403),
    Endpoint("GET", "/audio-features/{id}", audio_features, development_status=403),
    Endpoint("GET", "/audio-analysis/{id}", audio_analysis, development_status=403),
)
