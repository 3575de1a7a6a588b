"""Every operation of the Web API that is answered, and what is answered outside ``/v1``; one module for each group."""

from sources.spotify_sandbox.api.address import Address
from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints import (
    authorize,
    catalogue,
    commands,
    followers,
    following,
    images,
    library,
    personalisation,
    player,
    playlist_item_edits,
    playlist_items,
    playlists,
    saved,
    token,
    users,
)

ENDPOINTS: tuple[Endpoint, ...] = (
    *users.ENDPOINTS,
    *playlists.ENDPOINTS,
    *playlist_items.ENDPOINTS,
    *playlist_item_edits.ENDPOINTS,
    *images.ENDPOINTS,
    *followers.ENDPOINTS,
    *saved.ENDPOINTS,
    *library.ENDPOINTS,
    *following.ENDPOINTS,
    *personalisation.ENDPOINTS,
    *player.ENDPOINTS,
    *commands.ENDPOINTS,
    *catalogue.ENDPOINTS,
)

ADDRESSES: tuple[Address, ...] = (
    *images.ADDRESSES,
    Address("GET", "/authorize", lambda service, asked: authorize.ask(service, asked.query)),
    Address("POST", "/authorize", lambda service, asked: authorize.decide(service, asked.body)),
    Address(
        "POST",
        "/api/token",
        lambda service, asked: token.token(service, asked.headers.get("authorization"), asked.body),
    ),
)
