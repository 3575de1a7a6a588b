"""The dlt sources: `spotify` with all resources, `spotify_playlists` with playlists only; as normalised tables."""

from sources.spotify.config import SpotifyCredentials
from sources.spotify.engine.replay import replay_run
from sources.spotify.engine.run import LoadBudget
from sources.spotify.source import (
    failed_run,
    playlists_of,
    read_settings,
    spotify,
    spotify_playlists,
    start_run,
    writing_client,
    written,
)

__all__ = [
    "LoadBudget",
    "SpotifyCredentials",
    "failed_run",
    "playlists_of",
    "read_settings",
    "replay_run",
    "spotify",
    "spotify_playlists",
    "start_run",
    "writing_client",
    "written",
]
