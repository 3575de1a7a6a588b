"""A sandbox that imitates the Spotify Web API on this machine, for trying and testing without an account."""

from sources.spotify_sandbox.api.request_log import RequestRecord
from sources.spotify_sandbox.errors import WeatherError, WorldError
from sources.spotify_sandbox.faults import Fault, Weather, read_weather
from sources.spotify_sandbox.server.app import application
from sources.spotify_sandbox.server.server import Listening, Sandbox, serve
from sources.spotify_sandbox.world.entries import Entry
from sources.spotify_sandbox.world.evolution import Change, evolve
from sources.spotify_sandbox.world.playlist import Playlist
from sources.spotify_sandbox.world.world import World
from sources.spotify_sandbox.worlds.generated import generate
from sources.spotify_sandbox.worlds.loading import load
from sources.spotify_sandbox.worlds.weeks import Event, Weeks

__all__ = [
    "Change",
    "Entry",
    "Event",
    "Fault",
    "Listening",
    "Playlist",
    "RequestRecord",
    "Sandbox",
    "Weather",
    "WeatherError",
    "Weeks",
    "World",
    "WorldError",
    "application",
    "evolve",
    "generate",
    "load",
    "read_weather",
    "serve",
]
