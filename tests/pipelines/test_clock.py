"""A sync while this machine's clock is wrong."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.errors import WrongClockError
from sources.spotify.http.server_clock import stated
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import playlake, settings
from tests.pipelines.tables import select

pytestmark = pytest.mark.sampled(3)

COUNTS = "SELECT (SELECT count(*) FROM _dlt_loads), (SELECT count(*) FROM runs), (SELECT count(*) FROM playlist_items)"


@pytest.fixture
def api() -> Iterator[Sandbox]:
    """A small library."""
    with Sandbox(generate(seed=1, playlists=3, items=10)) as opened:
        yield opened


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Puts this machine's clock ahead of Spotify's, or behind."""

    def put(wrong: timedelta) -> None:
        def said(headers: Mapping[str, str]) -> datetime | None:
            time = stated(headers)
            return time and time - wrong

        monkeypatch.setattr("sources.spotify.http.server_clock.stated", said)

    return put


@pytest.mark.parametrize("wrong", [timedelta(days=400), -timedelta(days=400), timedelta(hours=1)])
@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
def test_nothing_is_written_at_a_wrong_time(
    wrong: timedelta, destination: str, api: Sandbox, ahead: Callable[[timedelta], None], tmp_path: Path
) -> None:
    """Neither a load nor a row of the run; with a clock that is right the next sync goes on."""
    lake = Lake(destination, str(tmp_path / "lake"))
    command = ("sync", f"--destination={destination}", f"--path={tmp_path / 'lake'}")
    assert playlake(*command, environment=api.environment).code == 0
    before = select(lake, COUNTS)
    ahead(wrong)
    ended = playlake(*command, environment=api.environment)
    assert ended.code == 75
    assert "This machine's clock says" in ended.err
    assert "set the clock right, and sync again" in ended.err
    assert select(lake, COUNTS) == before
    ahead(timedelta(0))
    ended = playlake(*command, environment=api.environment)
    assert (ended.code, ended.err) == (0, "")


def test_a_first_sync_at_a_wrong_time_leaves_nothing(
    api: Sandbox, ahead: Callable[[timedelta], None], tmp_path: Path
) -> None:
    """Not even an empty lake, and no working folder that would go on with it."""
    ahead(timedelta(days=400))
    lake = Lake(path=str(tmp_path / "lake.duckdb"))
    with pytest.raises(WrongClockError):
        sync(lake=lake, **settings(api))
    assert not lake.exists()
    ahead(timedelta(0))
    assert sync(lake=lake, **settings(api)).exit_code == 0


def test_playlists_by_id_are_not_written_either(
    api: Sandbox, ahead: Callable[[timedelta], None], tmp_path: Path
) -> None:
    """Where no list is read the first playlist tells the time."""
    ahead(timedelta(days=400))
    lake = Lake(path=str(tmp_path / "lake.duckdb"))
    wanted = [playlist.id for playlist in api.world.listed()]
    with pytest.raises(WrongClockError):
        sync(wanted, lake, **settings(api))
    assert not lake.exists()
