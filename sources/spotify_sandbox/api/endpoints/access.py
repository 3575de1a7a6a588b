"""Access control: hidden playlists, withheld contents, and the view for a request."""

from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import ApiError, not_found
from sources.spotify_sandbox.render.view import View
from sources.spotify_sandbox.world import ids
from sources.spotify_sandbox.world.markets import CODES
from sources.spotify_sandbox.world.playlist import Playlist

SPOTIFY = "spotify"


def playlist_of(call: Call, *, scoped: bool = True) -> Playlist:
    """The playlist that the path names, unless nobody may see it.

    Hidden are: private playlists of others; private ones without the scope to read them (writes do not need it:
    ``scoped`` is then false); for development apps, all of Spotify's own (404 since 2024-11-27).
    """
    playlist_id = call.path["id"]
    if not ids.is_id(playlist_id):
        raise ApiError(400, "Invalid base62 id")
    found = call.world.playlists.get(playlist_id)
    if found is None or not is_seen(call, found, scoped=scoped):
        raise not_found()
    return found


def is_seen(call: Call, found: Playlist, *, scoped: bool = False) -> bool:
    """Whether a playlist is visible to the caller."""
    if call.rules.restricted and found.owner == SPOTIFY:
        return False
    if found.public is not False or found.collaborative:
        return True
    return call.grant.user == found.owner and (not scoped or call.grant.allows("playlist-read-private"))


def may_read_contents(call: Call, found: Playlist) -> bool:
    """Whether the entries of a playlist are shown; development apps see the user's own and collaborative ones."""
    return not call.rules.restricted or (found.belongs_to(call.grant.user))


def editable(call: Call) -> Playlist:
    """The playlist that the path names, if its contents may be changed: by the owner, or by all if collaborative."""
    found = playlist_of(call, scoped=False)
    if not found.belongs_to(call.grant.user):
        message = "You cannot change the items of a playlist you don't own."
        raise ApiError(403, message)
    modifies(call, found.public)
    return found


def owned(call: Call) -> Playlist:
    """The playlist that the path names, if it belongs to the signed-in user."""
    found = playlist_of(call, scoped=False)
    if found.owner != call.grant.user:
        message = "You cannot change the details of a playlist you don't own."
        raise ApiError(403, message)
    modifies(call, found.public)
    return found


def modifies(call: Call, public: bool | None) -> None:
    """Refuse a token without the scope for a public playlist, or for a private one."""
    if not call.grant.allows("playlist-modify-private" if public is False else "playlist-modify-public"):
        raise ApiError(403, "Insufficient client scope")


def view_of(call: Call) -> View:
    """The view that the query of a request asks for."""
    types = call.query.get("additional_types", "track").split(",")
    return View(call.base, call.rules.restricted, _market(call), "episode" in types)


def _market(call: Call) -> str | None:
    market = call.query.get("market")
    if not market:
        return None
    if market == "from_token":
        if call.grant.user is None:
            raise ApiError(403, "Insufficient client scope")
        return call.world.users.find(call.grant.user).country
    if market.upper() not in CODES:
        raise ApiError(400, "Invalid market code")
    # The country of a user's account has priority over the parameter (Spotify's reference).
    return call.world.users.find(call.grant.user).country if call.grant.user else market.upper()
