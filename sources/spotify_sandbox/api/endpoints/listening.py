"""Who requests podcasts and audiobooks: without a market and without a user, they are not available.

Facts: https://developer.spotify.com/documentation/web-api/reference/get-an-episode says so of ``market``, and
https://github.com/spotify/web-api/issues/1589 reports null for client credentials.
"""

from sources.spotify_sandbox.api.endpoints.access import view_of
from sources.spotify_sandbox.api.endpoints.lookups import country_of
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import not_found
from sources.spotify_sandbox.render.shows import Listener


def listener_of(call: Call) -> Listener | None:
    """The country of the request, and the ``resume_point`` if a user's token has the scope for it."""
    country = view_of(call).market or country_of(call)
    if country is None:
        return None
    return Listener(country, call.grant.user is None or call.grant.allows("user-read-playback-position"))


def some_listener(call: Call) -> Listener:
    """The same, but 404 without a market and without a user."""
    listener = listener_of(call)
    if listener is None:
        raise not_found()
    return listener
