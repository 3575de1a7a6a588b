"""Who listens to podcasts and audiobooks: without a market and without a user, nobody, and nothing is there.

Facts: https://developer.spotify.com/documentation/web-api/reference/get-an-episode says so of ``market``, and
https://github.com/spotify/web-api/issues/1589 reports null for client credentials.
"""

from sources.spotify_sandbox.api.endpoints.access import view_of
from sources.spotify_sandbox.api.endpoints.lookups import country_of
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import not_found
from sources.spotify_sandbox.render.shows import Listener


def listener_of(call: Call) -> Listener | None:
    """Where the request listens from; a user's token without the scope hears of no ``resume_point``."""
    country = view_of(call).market or country_of(call)
    if country is None:
        return None
    return Listener(country, call.grant.user is None or call.grant.allows("user-read-playback-position"))


def some_listener(call: Call) -> Listener:
    """The same where nothing can be shown to nobody: 404."""
    listener = listener_of(call)
    if listener is None:
        raise not_found()
    return listener
