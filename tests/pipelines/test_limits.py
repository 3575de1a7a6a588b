"""Rate limits and quotas: what is complete is stored, and no request is sent before the named time."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.errors import TryLaterError
from sources.spotify.http.transport import utc_now
from sources.spotify_sandbox import Sandbox, World, generate
from tests.pipelines.driving import settings
from tests.pipelines.tables import select

QUOTA = {"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}}
HOURS = 14


def used_up_after(playlists: int) -> Callable[[Request], Response | None]:
    """A quota that lasts for so many playlists."""
    left = playlists

    def answer(request: Request) -> Response | None:
        nonlocal left
        if "/v1/playlists/" not in request.url.path:
            return None
        left -= 1
        return None if left >= 0 else JSONResponse(QUOTA, 429, {"retry-after": str(HOURS * 3600)})

    return answer


def world() -> World:
    """Playlists of one page each."""
    made = generate(seed=4, playlists=12, items=300)
    for playlist in made.playlists.values():
        playlist.remove(range(40, len(playlist)))
    return made


@pytest.mark.long
@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
@pytest.mark.parametrize("threads", [1, 4])
def test_a_used_up_quota(destination: str, threads: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read before is stored, each playlist not read is named, and no run asks before the time is over."""
    lake = Lake(destination, str(tmp_path / "lake"))
    with Sandbox(world(), intercept=used_up_after(5)) as api:
        report = sync(lake=lake, parallel_reads=threads, **settings(api))
        resume_at = report.run.resume_at
        assert resume_at is not None
        assert timedelta(hours=HOURS - 1) < resume_at - utc_now() <= timedelta(hours=HOURS)
        assert (report.exit_code, report.run.outcome, report.run.read, report.run.failed) == (75, "rate_limited", 5, 7)
        assert [read.outcome for read in report.reads].count("rate_limited") == 7
        assert select(lake, "SELECT count(*) FROM playlist_snapshots") == [(5,)]

    with Sandbox(world()) as api:
        for _ in range(2):
            with pytest.raises(TryLaterError, match="nothing was asked") as raised:
                sync(lake=lake, **settings(api))
            assert raised.value.resume_at == resume_at
        assert api.requests == []
        assert select(lake, "SELECT exit_code, requests FROM runs ORDER BY started_at")[1:] == [(75, 0)] * 2

        monkeypatch.setattr("sources.spotify.source.utc_now", lambda: utc_now() + timedelta(hours=HOURS))
        # No audit falls due meanwhile, at whatever time this runs.
        report = sync(lake=lake, audit_after="99999 days", **settings(api))
    # Spotify's own playlist is read each time, also if it was among the first five.
    assert (report.exit_code, report.run.read + report.run.unchanged) == (0, 12)
    assert report.run.read in (7, 8)
    assert select(lake, "SELECT count(DISTINCT playlist_id) FROM playlist_snapshots") == [(12,)]


@pytest.mark.long
def test_another_app_need_not_wait(tmp_path: Path) -> None:
    """Spotify limits apps one by one, and so a wait is for the app that was told to."""
    lake = Lake("duckdb", str(tmp_path / "lake.duckdb"))
    with Sandbox(world(), intercept=used_up_after(1)) as api:
        assert sync(lake=lake, **settings(api)).exit_code == 75
    with Sandbox(world()) as api:
        other = api.register("Another")
        credentials = {"client_id": other.client_id, "client_secret": other.client_secret}
        report = sync([next(iter(api.world.playlists))], lake, **settings(api) | {"credentials": credentials})
    assert (report.exit_code, report.run.playlists) == (0, 1)
