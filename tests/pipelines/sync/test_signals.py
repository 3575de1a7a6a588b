"""Ctrl-C and SIGTERM."""

import signal
from pathlib import Path
from threading import Event, Lock
from unittest.mock import patch

import pytest
from starlette.requests import Request
from starlette.responses import Response

from pipelines.destinations.duckdb import DuckDB
from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import settings, started
from tests.pipelines.tables import select


class Stuck:
    """Lets so many requests for playlists through; the next ones hang until the end."""

    def __init__(self, playlists: int) -> None:
        self._left = playlists
        self._lock = Lock()
        self.hangs = Event()
        self.over = Event()

    def __call__(self, request: Request) -> Response | None:
        """Answers nothing itself."""
        if "/v1/playlists/" in request.url.path:
            with self._lock:
                self._left -= 1
            if self._left < 0:
                self.hangs.set()
                self.over.wait(timeout=120)
        return None


@pytest.mark.long
@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_was_read_is_kept(number: signal.Signals, destination: str, tmp_path: Path) -> None:
    """A sync that is told to end, while the server hangs, stores what it has, says so, and the next one goes on."""
    world = generate(seed=4, playlists=12, items=300)
    stuck = Stuck(5)
    lake = Lake(destination, str(tmp_path / "lake"))
    with Sandbox(world, intercept=stuck) as api:
        process = started(
            "sync", "--destination", destination, "--path", lake.location, folder=tmp_path, environment=api.environment
        )
        try:
            assert stuck.hangs.wait(timeout=120)
            process.send_signal(number)
            _, said = process.communicate(timeout=120)
            assert not stuck.over.is_set()
        finally:
            stuck.over.set()
            process.kill()
            process.wait()
    assert (process.returncode, number.name in said) == (128 + number, True)
    assert (said.count("Interrupted by"), "Traceback" in said) == (1, False)
    [(outcome, code, read, failed)] = select(lake, "SELECT outcome, exit_code, read, failed FROM runs")
    assert (outcome, code, read + failed) == ("interrupted", 128 + number, 12)
    [(stored,)] = select(lake, "SELECT count(*) FROM playlist_snapshots")
    assert 0 < stored == read

    with Sandbox(world) as api:
        assert sync(lake=lake, **settings(api)).exit_code == 0
    assert select(lake, "SELECT count(DISTINCT playlist_id) FROM playlist_snapshots") == [(12,)]


def test_a_signal_after_reading(tmp_path: Path) -> None:
    """It changes nothing in a sync that only has to load, and stops what would go on with something else."""
    lake = Lake("duckdb", str(tmp_path / "lake.duckdb"))
    with (
        Sandbox(generate(seed=4, playlists=2, items=20)) as api,
        patch.object(DuckDB, "loaded", lambda *_: signal.raise_signal(signal.SIGINT)),
    ):
        report = sync(lake=lake, ends_well=True, **settings(api))
    assert (report.exit_code, report.stop_code) == (0, 128 + signal.SIGINT)
    assert select(lake, "SELECT outcome FROM runs") == [("done",)]
