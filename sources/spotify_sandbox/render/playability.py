"""The effects of a market on an object: ``available_markets``, ``is_playable``, ``restrictions`` and relinking.

Facts: https://developer.spotify.com/documentation/web-api/concepts/track-relinking
"""

from dataclasses import dataclass

from sources.spotify_sandbox.render.objects import Json, available_markets, external_urls
from sources.spotify_sandbox.render.view import View
from sources.spotify_sandbox.world.contents import Track
from sources.spotify_sandbox.world.markets import Markets

RESTRICTED: Json = {"reason": "market"}


@dataclass(frozen=True, slots=True)
class Playability:
    """The keys that depend on the caller's market; each may be absent."""

    markets: Json
    playable: Json
    restrictions: Json


def playability(markets: Markets, view: View, country: str | None = None) -> Playability:
    """Without a market, where something is sold; with one, whether it can be played there.

    With the ``country`` of a signed-in user, both, as recorded from search, ``/me/tracks`` and ``/me/top/tracks``; next
    to a market, ``country`` has no effect.
    """
    place = view.market or country
    shown: Json = {"available_markets": available_markets(markets)} if view.shows_markets else {}
    if place is None:
        return Playability(shown, {}, {})
    sold = place in markets.codes
    return Playability(shown, {"is_playable": sold}, {} if sold else {"restrictions": RESTRICTED})


@dataclass(frozen=True, slots=True)
class Relinked:
    """A track under the id that it has in the caller's market."""

    id: str
    playability: Playability
    linked_from: Json


def relinked(track: Track, view: View, country: str | None = None) -> Relinked:
    """A track in a market: itself, or another in its place that can be played there.

    Development apps get the other track without ``linked_from``.
    """
    found = playability(track.markets, view, country)
    place = view.market or country
    if place is None or place in track.markets.codes or track.replacement is None:
        return Relinked(track.id, found, {})
    origin = {
        "external_urls": external_urls("track", track.id),
        "href": f"{view.base}/tracks/{track.id}",
        "id": track.id,
        "type": "track",
        "uri": f"spotify:track:{track.id}",
    }
    linked: Json = {} if view.trimmed else {"linked_from": origin}
    return Relinked(track.replacement, Playability(found.markets, {"is_playable": True}, {}), linked)
