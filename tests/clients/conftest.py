"""A sandbox for each tour, over a world of its own."""

from collections.abc import Iterator

import pytest

from sources.spotify_sandbox import Sandbox, generate
from tests.clients.touring import Clock


@pytest.fixture
def clock() -> Clock:
    """The time by which tokens grow old."""
    return Clock()


@pytest.fixture
def api(clock: Clock) -> Iterator[Sandbox]:
    """A sandbox with all endpoints, on a port of this machine."""
    with Sandbox(generate(seed=7, playlists=24, items=2_400, clock=clock), clock=clock) as sandbox:
        yield sandbox
