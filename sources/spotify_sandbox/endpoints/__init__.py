"""Every operation of the Web API that is answered; one module for each group, each with a table of its own."""

from sources.spotify_sandbox.endpoint import Endpoint
from sources.spotify_sandbox.endpoints import items, playlists, users

ENDPOINTS: tuple[Endpoint, ...] = (*users.ENDPOINTS, *playlists.ENDPOINTS, *items.ENDPOINTS)
