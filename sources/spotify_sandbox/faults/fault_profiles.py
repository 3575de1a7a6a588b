"""Fault profiles (weathers) by name, and from files."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from sources.spotify_sandbox.errors import WeatherError
from sources.spotify_sandbox.faults.fault import Fault
from sources.spotify_sandbox.faults.weather import Weather

NAMED: dict[str, tuple[str, Callable[[], tuple[Fault, ...]]]] = {
    "clear": ("nothing goes wrong", lambda: ()),
    "busy": (
        "a rate limit of 30 calls in 30 seconds, and answers that take 50 ms",
        lambda: (Fault("rate_limit", calls=30), Fault("latency", seconds=0.05)),
    ),
    "quota": ("after 100 calls the quota is used up", lambda: (Fault("quota_exceeded", after=100),)),
    "storm": (
        "every tenth call or so fails, each time in another way",
        lambda: (
            Fault("too_many_requests", probability=0.02),
            Fault("server_error", probability=0.02),
            Fault("server_error", probability=0.01, status=503, body="text"),
            Fault("server_error", probability=0.01, status=504, body="html"),
            Fault("cut", probability=0.01),
            Fault("cut", probability=0.01, where="body"),
            Fault("truncated_json", probability=0.01),
            Fault("not_json", probability=0.01),
            Fault("token_missing", probability=0.01),
            Fault("latency", probability=0.05, seconds=0.5),
        ),
    ),
    "mirage": (
        "answers of 200 that do not tell the truth: short pages, nulls, lagging snapshots, a changing world",
        lambda: (
            Fault("short_page", probability=0.1),
            Fault("null_entries", probability=0.1),
            Fault("shrunken_list", probability=0.02),
            Fault("world_change", probability=0.05),
            Fault("snapshot_lag"),
        ),
    ),
}
"""By name: a line about it, and its faults."""


def read_weather(text: str, seed: int = 1) -> Weather:
    """The fault profile with a name, or the one that a JSON file describes.

    Args:
        text: One of ``NAMED``, or the path of a file as ``Weather.from_json`` reads it.
        seed: Of a weather with a name.

    Raises:
        WeatherError: There is neither such a name nor such a file, or the file describes no weather.
    """
    if text in NAMED:
        return Weather(NAMED[text][1](), seed)
    try:
        value = msgspec.json.decode(Path(text).read_bytes())
    except OSError:
        message = f"no weather {text!r}: choose one of {', '.join(NAMED)}, or name a file"
        raise WeatherError(message) from None
    except msgspec.DecodeError as error:
        message = f"{text} is no JSON: {error}"
        raise WeatherError(message) from None
    return Weather.from_json(value)
