"""Half a year of a made-up library, synced once a week: what the demonstration's database holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.destinations.lake import Lake
from pipelines.operations.import_history import Imported, import_history
from pipelines.sync.service import Report, sync
from sources.spotify.config import SourceSettings
from sources.spotify.http.transport import steady_clock
from sources.spotify_sandbox import Sandbox, Weeks, World, generate
from sources.spotify_sandbox.worlds.account_data import exported_plays, extended_zip

SEED = 2026
WEEKS = 26
PLAYLISTS, ITEMS = 48, 4_000

_WEEKLY = "playlists,saved_items,followed_artists,top_items,plays"
_FIRST = "account"
_LAST = "account,albums,artists,searches"
_SETTINGS: SourceSettings = {"catalogue_requests": 400, "searches": ["jazz", "road trip"]}
_AUDITS_LATER: SourceSettings = {"audit_after": "91 d"}
"""For all syncs but the last. With a week from sync to sync, each would read everything again; the last one does, so
that nothing is overdue then."""


@dataclass(slots=True)
class _Clock:
    """A time that stands still until it is set."""

    time: datetime

    def __call__(self) -> datetime:
        """The time."""
        return self.time


class Demonstration:
    """A world and the syncs of it, each of which is one like any other but for its date.

    Args:
        lake: where to; it should be new.
        until: when the last sync is.
        weeks: how many syncs there are.
        regime: API mode of the app that syncs; in development mode it gets no popularity, followers or labels.
    """

    def __init__(self, lake: Lake, until: datetime, weeks: int = WEEKS, regime: str = "development") -> None:
        self.lake, self.weeks = lake, weeks
        length = timedelta(weeks=weeks - 1)
        self._clock = _Clock(until - length)
        self.world: World = generate(SEED, PLAYLISTS, ITEMS, clock=self._clock, began=self._clock.time, to_come=length)
        self.life = Weeks(self.world, SEED)
        self.api = Sandbox(self.world, regime=regime, clock=self._clock)

    def syncs(self, *, ends_well: bool = False) -> Iterator[tuple[datetime, Report]]:
        """Syncs week after week while the sandbox listens, and gives the time and the report of each.

        Args:
            ends_well: whether Ctrl-C and SIGTERM end a sync after what it has read is loaded; it is then the last.
        """
        for week in range(self.weeks):
            if week:
                self._clock.time = self.life.go_on()
            at = self._clock.time
            is_last = week == self.weeks - 1
            resources = _LAST if is_last else _WEEKLY if week else _FIRST
            settings: SourceSettings = {**_SETTINGS, **self._access(), "resources": resources}
            if not is_last:
                settings |= _AUDITS_LATER
            report = sync(lake=self.lake, ends_well=ends_well, now=steady_clock(at), **settings)
            yield at, report
            if report.stop_code:
                return

    def _access(self) -> SourceSettings:
        """Where the sandbox is, and as whom it is asked."""
        return {
            "credentials": {
                "client_id": self.api.client_id,
                "client_secret": self.api.client_secret,
                "refresh_token": self.api.refresh_token,
            },
            "api_url": self.api.api_url,
            "accounts_url": self.api.accounts_url,
        }

    def import_history(self) -> Imported:
        """Imports what was heard since a year before the first sync, as Spotify sends it who asks."""
        with TemporaryDirectory() as folder:
            file = Path(folder) / "my_spotify_data.zip"
            file.write_bytes(extended_zip(self.world, exported_plays(self.life.heard)))
            return import_history([file], self.lake, user=self.world.me.id, now=self._clock)
