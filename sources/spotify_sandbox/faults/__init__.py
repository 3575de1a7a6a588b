"""Fault injection: each fault is declared, counted and repeatable."""

from sources.spotify_sandbox.faults.fault import Fault
from sources.spotify_sandbox.faults.fault_profiles import NAMED, read_weather
from sources.spotify_sandbox.faults.weather import Weather

__all__ = ["NAMED", "Fault", "Weather", "read_weather"]
