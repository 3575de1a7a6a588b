"""A sandbox that imitates the Spotify Web API on this machine, for trying and testing without an account."""

from sources.spotify_sandbox.app import application
from sources.spotify_sandbox.entries import Entry
from sources.spotify_sandbox.errors import WeatherError, WorldError
from sources.spotify_sandbox.evolution import Change, evolve
from sources.spotify_sandbox.generated import generate
from sources.spotify_sandbox.loading import load
from sources.spotify_sandbox.log import RequestRecord
from sources.spotify_sandbox.playlist import Playlist
from sources.spotify_sandbox.server import Listening, Sandbox, serve
from sources.spotify_sandbox.weather import Fault, Weather, read_weather
from sources.spotify_sandbox.world import World

__all__ = [
    "Change",
    "Entry",
    "Fault",
    "Listening",
    "Playlist",
    "RequestRecord",
    "Sandbox",
    "Weather",
    "WeatherError",
    "World",
    "WorldError",
    "application",
    "evolve",
    "generate",
    "load",
    "read_weather",
    "serve",
]
