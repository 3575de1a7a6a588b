"""The operations that read the catalogue."""

from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints import (
    albums,
    artists,
    audio,
    audiobooks,
    browse,
    profiles,
    recommendations,
    search,
    shows,
    tracks,
)

ENDPOINTS: tuple[Endpoint, ...] = (
    *albums.ENDPOINTS,
    *artists.ENDPOINTS,
    *tracks.ENDPOINTS,
    *shows.ENDPOINTS,
    *audiobooks.ENDPOINTS,
    *search.ENDPOINTS,
    *browse.ENDPOINTS,
    *recommendations.ENDPOINTS,
    *audio.ENDPOINTS,
    *profiles.ENDPOINTS,
)
