"""``GET /users/{id}``: a user's public profile."""

from starlette.responses import Response

from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints.access import view_of
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import not_found
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.render.objects import encoded
from sources.spotify_sandbox.render.profiles import public_profile


def user(call: Call) -> Response:
    """The public profile of a user."""
    user_id = call.path["id"]
    if user_id not in call.world.users:
        raise not_found()
    return answers.public(encoded(public_profile(call.world.users.find(user_id), view_of(call))))


ENDPOINTS = (Endpoint("GET", "/users/{id}", user, development_status=403),)
