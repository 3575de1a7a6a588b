"""Faults of HTTP: answers that fail, come late, or not at all."""

from collections.abc import Callable
from typing import Any

from sources.spotify_sandbox import Fault as Weathered
from tests.faults.fault import ENDPOINTS, HTTP_PHASES, Fault


def once(kind: str, **options: Any) -> Callable[[str], list[Weathered]]:
    """The first answer in the phase is of that kind of weather."""
    return lambda phase: [Weathered(kind, path=ENDPOINTS[phase], nth=[1], **options)]


FAULTS = (Fault("HTTP", "429 with Retry-After", HTTP_PHASES, weather=once("too_many_requests", retry_after=20)),)
