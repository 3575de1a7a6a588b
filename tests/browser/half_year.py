"""A lake with half a year of history: a made-up library that is synced every week while people edit it."""

from datetime import UTC, datetime, timedelta
from random import Random
from unittest.mock import patch

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, evolve, generate
from tests.pipelines.driving import settings

END = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
EVERY = timedelta(days=7)


class Calendar:
    """A clock that stands where it was put."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """The time."""
        return self.moment


def fill(lake: Lake, *, syncs: int = 26, playlists: int = 60, items: int = 9_000, seed: int = 2026) -> None:
    """Syncs so often, the last time at `END`, and changes a few things in between; covers are kept at the end."""
    random = Random(seed)
    calendar = Calendar(END - EVERY * (syncs - 1))
    world = generate(seed, playlists, items, clock=calendar.now)
    with (
        Sandbox(world, regime="development", clock=calendar.now) as api,
        patch("sources.spotify.source.utc_now", calendar.now),
        patch("pipelines.sync.service.utc_now", calendar.now),
        # Loads are numbered by the real clock, which all these syncs are behind.
        patch("sources.stored.state.Stored.check_not_before_last_load"),
    ):
        for number in range(syncs):
            if number:
                calendar.moment += EVERY
                evolve(world, random, random.randint(2, 14))
            # With one reader, what was found in one sync is in one order.
            sync(lake=lake, covers=number == syncs - 1, parallel_reads=1, **settings(api))
