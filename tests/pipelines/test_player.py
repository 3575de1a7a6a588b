"""What plays comes into its tables, nothing too, and a state is stored when it differs from the last."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, generate
from sources.spotify_sandbox.world.player import Player
from tests.pipelines.driving import settings
from tests.pipelines.tables import select

pytestmark = pytest.mark.sampled(3)

PLACES = {"duckdb": ("player.duckdb", "extended"), "parquet": ("player", "development")}
STATES = "SELECT is_playing, item_uri, progress_ms, device_name, changed_at FROM player_states ORDER BY observed_at"
QUEUED = "SELECT count(*) FROM ranked_list_items WHERE list = 'queue'"
READS = "SELECT subject, count(*) FROM resource_reads GROUP BY ALL ORDER BY ALL"
DEVICES = "SELECT name, type, volume_percent, is_active, user_id FROM devices ORDER BY name"


class Listener:
    """A user with a player, in a world whose time passes only when it is told to, and a lake."""

    def __init__(self, lake: Lake, regime: str) -> None:
        self.lake, self.time = lake, datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.world = generate(seed=4, playlists=2, items=200, clock=lambda: self.time)
        self.api = Sandbox(self.world, regime, clock=lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))

    @property
    def player(self) -> Player:
        """The player."""
        return self.world.player

    @property
    def now(self) -> int:
        """The world's time in milliseconds."""
        return int(self.time.timestamp() * 1000)

    def play(self) -> list[str]:
        """Begins to play three tracks on the computer, and gives their URIs."""
        numbers = [number for number in range(200) if self.world.catalogue.kind(number) == "track"][:3]
        self.player.device = self.player.devices[0]
        self.player.start(numbers, None, 0, 0, self.now)
        return [str(self.world.catalogue.uri(number)) for number in numbers]

    def sync(self, expected: int = 0, scope: str | None = None) -> int:
        """Syncs, and tells how many requests for the player that took."""
        before, given = len(self.api.requests), settings(self.api)
        if scope is not None:
            given["credentials"]["refresh_token"] = self.api.authorise(scope)
        report = sync(None, self.lake, resources="player", **given)
        assert report.exit_code == expected, report.run.message
        return sum("/me/player" in request.path for request in self.api.requests[before:])


@pytest.fixture(params=sorted(PLACES))
def listener(request: pytest.FixtureRequest, tmp_path: Path) -> Listener:
    """One on each destination, in another regime."""
    place, regime = PLACES[request.param]
    return Listener(Lake(request.param, str(tmp_path / place)), regime)


def test_states_are_stored_when_they_differ(listener: Listener) -> None:
    """Nothing plays, then something, then it goes on, pauses and ends; time that merely passes is no other state."""
    lake = listener.lake
    with listener.api:
        assert listener.sync() == 3
        assert select(lake, STATES) == [(False, None, None, None, None)]
        assert listener.sync() == 3
        assert select(lake, READS) == [("devices", 1), ("queue", 1), ("state", 1)]
        first, second, _ = listener.play()
        began = listener.time
        listener.sync()
        listener.time += timedelta(seconds=10)
        listener.sync()
        playing = (True, first, 0, "Kitchen computer", began)
        assert select(lake, STATES)[1:] == [playing]
        assert select(lake, QUEUED) == [(2,)]
        listener.player.pause(listener.now)
        listener.sync()
        listener.player.skip(listener.now)
        listener.sync()
        states = select(lake, STATES)
        assert [state[:3] for state in states[2:]] == [(False, first, 10_000), (False, second, 0)]
        listener.player.device = None
        listener.sync()
        assert select(lake, STATES)[-1] == (False, None, None, None, None)
        assert select(lake, "SELECT count(*) FROM player_states JOIN tracks ON item_uri = track_uri") == [(3,)]


def test_devices_are_as_last_seen(listener: Listener) -> None:
    """A device without an id has no row, one that is gone stays, and what is the same writes nothing."""
    with listener.api:
        listener.sync()
        me = listener.world.me.id
        computer, phone = ("Kitchen computer", "Computer", 69), ("Pocket phone", "Smartphone", 100)
        assert select(listener.lake, DEVICES) == [(*computer, False, me), (*phone, False, me)]
        listener.play()
        del listener.player.devices[1]
        listener.sync()
        listener.sync()
        assert select(listener.lake, DEVICES) == [(*computer, True, me), (*phone, False, me)]
        assert select(listener.lake, "SELECT count(*) FROM resource_reads WHERE subject = 'devices'") == [(2,)]


def test_a_smaller_scope_shows_what_plays(listener: Listener) -> None:
    """Without the scope for the player's state, what plays is still told, and nothing is asked in vain."""
    with listener.api:
        first, *_ = listener.play()
        assert listener.sync(expected=4, scope="user-read-currently-playing") == 2
        assert [state[:4] for state in select(listener.lake, STATES)] == [(True, first, 0, None)]
        told = "SELECT subject, outcome, message LIKE '%user-read-playback-state%--resources account,player.' "
        assert select(listener.lake, f"{told} FROM resource_reads WHERE subject = 'devices'") == [
            ("devices", "not_available", True)
        ]
        assert listener.sync(expected=4, scope="playlist-read-private") == 0
