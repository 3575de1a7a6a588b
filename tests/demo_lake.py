"""The demonstration's lake at times that are always the same: what the cookbook and the notebooks are shown with."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from unittest.mock import patch

from pipelines.destinations.lake import Lake
from pipelines.operations.demo import CHANGES, SEED
from pipelines.operations.import_history import import_history
from pipelines.sync.service import sync
from sources.errors import PlaylakeError
from sources.spotify_sandbox import Sandbox, World, evolve, generate
from sources.spotify_sandbox.world.contents import Track
from sources.spotify_sandbox.world.timestamps import BEGINNING
from sources.spotify_sandbox.worlds.account_data import extended_zip, listened
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


def history(lake: Lake, folder: Path, world: World | None = None, share: int = 20) -> None:
    """Two years of plays until the beginning of the demonstration, as the user's export tells them.

    Args:
        lake: where to.
        folder: where the export may be written.
        world: whose tracks are heard; by default the demonstration's.
        share: one of so many plays is kept.
    """
    world = world or generate(seed=SEED)
    known = (world.catalogue.find(entry.uri) for playlist in world.listed() for entry in playlist.entries if entry.uri)
    found = [number for number in dict.fromkeys(known) if number is not None]
    tracks = [number for number in found if isinstance(world.content(number), Track)]
    times = [int((BEGINNING - timedelta(days=days)).timestamp() * 1000) for days in range(730, -1, -73)]
    plays = [
        play
        for number, (since, until) in enumerate(pairwise(times))
        # Taste moves on.
        for play in listened(world, tracks[len(tracks) * number // 20 :][:300], since, until, seed=number)
    ]
    export = folder / "my_spotify_data.zip"
    export.write_bytes(extended_zip(world, plays[::share]))
    import_history([export], lake, user=world.me.id)
