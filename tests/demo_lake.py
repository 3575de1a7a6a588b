"""The demonstration's lake at times that are always the same: what the cookbook and the notebooks are shown with."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from unittest.mock import patch

from pipelines.destinations.lake import Lake
from pipelines.operations.demo import CHANGES, SEED
from pipelines.sync.service import sync
from sources.errors import PlaylakeError
from sources.spotify_sandbox import Sandbox, World, evolve, generate
from sources.spotify_sandbox.world.timestamps import BEGINNING
from tests.pipelines.driving import settings

SYNCS = (BEGINNING + timedelta(minutes=5), BEGINNING + timedelta(minutes=10))
"""When the two syncs of the demonstration are."""


@dataclass(slots=True)
class Clock:
    """A time that stands still until it is set."""

    time: datetime = BEGINNING

    def __call__(self) -> datetime:
        """The time."""
        return self.time


@contextmanager
def times(clock: Clock) -> Iterator[None]:
    """Syncs take their times from this clock, and do not mind that the load ids are of the real one."""
    with ExitStack() as stack:
        for name in ("sources.spotify.source.utc_now", "pipelines.sync.service.utc_now"):
            stack.enter_context(patch(name, clock))
        stack.enter_context(patch("sources.spotify.source.steady_clock", lambda _start: clock))
        stack.enter_context(patch("sources.stored.state.Stored.check_not_before_last_load"))
        yield


def demonstration(lake: Lake) -> None:
    """What `playlake demo` leaves."""
    clock = Clock()
    world = generate(seed=SEED)
    with times(clock), Sandbox(world, regime="development") as api:
        clock.time = SYNCS[0]
        sync(lake=lake, **settings(api))
        evolve(world, Random(SEED), CHANGES)
        clock.time = SYNCS[1]
        sync(lake=lake, **settings(api))


def month(lake: Lake, world: World | None = None) -> None:
    """A month of the demonstration's world, synced on every third day with a few changes in between.

    One sync is refused, since the consent had ended, and those with a market learn which tracks play there.
    """
    clock = Clock()
    world = world or generate(seed=SEED, clock=clock)
    random = Random(SEED)
    with times(clock), Sandbox(world, regime="development", clock=clock) as api:
        for day in range(0, 31, 3):
            clock.time = BEGINNING + timedelta(days=day, hours=day % 7)
            if day:
                evolve(world, random, CHANGES)
            arguments = settings(api) | {"market": "DE"}
            if day == 12:
                arguments["credentials"] |= {"refresh_token": "ended"}
            clock.time += timedelta(minutes=5)
            try:
                sync(lake=lake, **arguments)
            except PlaylakeError:
                if day != 12:
                    raise
