"""The demonstration's lake, which documents and notebooks are shown with, and a month of another library."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest
from filelock import FileLock

from pipelines.destinations.lake import Lake
from pipelines.operations.demo import DEFAULT_PATH
from pipelines.operations.demo_weeks import SEED, WEEKS, Demonstration
from pipelines.sync.service import sync
from sources.errors import PlaylakeError
from sources.spotify_sandbox import Sandbox, World, evolve, generate
from sources.spotify_sandbox.world.timestamps import BEGINNING
from tests.pipelines.driving import ended, settings, started

UNTIL = BEGINNING
"""When the last sync is of the demonstration that documents show: they run it with `--until` of that day."""

CHANGES = 40
"""Between the syncs of the month."""


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


def demonstration(lake: Lake, weeks: int = WEEKS) -> Demonstration:
    """Fills a lake as `playlake demo` does."""
    shown = Demonstration(lake, UNTIL, weeks)
    with shown.api:
        for _, report in shown.syncs():
            assert report.exit_code == 0
    shown.import_history()
    return shown


def shown_demonstration(factory: pytest.TempPathFactory) -> tuple[Lake, str]:
    """What `playlake demo` leaves and prints, run once for all tests that ask for it, whatever process they are in."""
    base = factory.getbasetemp()
    # Processes of one run have folders of their own beside each other.
    folder = (base.parent if base.name.startswith("popen-") else base) / "demonstration"
    folder.mkdir(exist_ok=True)
    printed = folder / "printed"
    with FileLock(folder / "lock"):
        if not printed.exists():
            (folder / DEFAULT_PATH).unlink(missing_ok=True)
            end = ended(started("demo", "--until", f"{UNTIL:%Y-%m-%d}", folder=folder), timeout=1_800)
            assert (end.code, end.err) == (0, "")
            printed.write_text(end.out, encoding="utf-8")
    return Lake("duckdb", str(folder / DEFAULT_PATH)), printed.read_text(encoding="utf-8")


def fill(path: Path) -> None:
    """The demonstration's lake in a file, for the programs that write documents anew."""
    demonstration(Lake("duckdb", str(path)))


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
