"""Syncs a lake once for every day on which something changed in a history of real playlists."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from pipelines.destinations.lake import Lake
from pipelines.sync.service import Report, sync
from sources.spotify_sandbox import Sandbox, World, load

PARTS = ("versions", "entries", "tracks", "albums")


@dataclass(frozen=True, slots=True)
class Step:
    """One sync of a replay.

    Attributes:
        day: which the world showed.
        started_at: when the sync began.
        seconds: how long it took.
        cpu_seconds: CPU time of this process meanwhile, the sandbox in it too.
        requests: sent to the sandbox.
        read: playlists that were read.
    """

    day: date
    started_at: datetime
    seconds: float
    cpu_seconds: float
    requests: int
    read: int


def changing_days(history: Path) -> list[date]:
    """The days on which something changed."""
    sql = "SELECT DISTINCT day FROM read_parquet(?) ORDER BY day"
    return [day for (day,) in duckdb.execute(sql, [str(history / "versions.parquet")]).fetchall()]


def some_playlists(history: Path, count: int, folder: Path) -> Path:
    """A folder like that of a history, with only the playlists that were seen first."""
    with duckdb.connect() as connection:
        connection.execute("SET VARIABLE history = ?", [str(history)])
        for part in PARTS:
            kept = f"FROM read_parquet(getvariable('history') || '/{part}.parquet')"
            if part in ("versions", "entries"):
                kept += f""" WHERE playlist_id IN (
                    SELECT playlist_id FROM read_parquet(getvariable('history') || '/versions.parquet')
                    GROUP BY playlist_id ORDER BY min(day), playlist_id LIMIT {count}
                )"""
            connection.execute(f"COPY ({kept}) TO '{folder / part}.parquet'")
    return folder


def replay(history: Path, days: Sequence[date], lake: Lake) -> Iterator[Step]:
    """Shows a world one day after the other, and syncs after each.

    Raises:
        AssertionError: a sync did not end well.
    """
    world = load(history, days[0])
    with Sandbox(world) as api:
        for day in days:
            world.set_day(day)
            yield _step(world, api, lake, day)


def _step(world: World, api: Sandbox, lake: Lake, day: date) -> Step:
    started, cpu_started = time.perf_counter(), time.process_time()
    report = _synced(api, lake)
    step = Step(
        day,
        report.run.started_at,
        time.perf_counter() - started,
        time.process_time() - cpu_started,
        report.run.requests,
        report.run.read,
    )
    assert report.exit_code == 0, f"on {day}: {report.run.message}"
    assert report.run.playlists == len(world.playlists), f"on {day} only {report.run.playlists} playlists were listed"
    return step


def _synced(api: Sandbox, lake: Lake) -> Report:
    credentials = {
        "client_id": api.client_id,
        "client_secret": api.client_secret,
        "refresh_token": api.refresh_token,
    }
    return sync(lake=lake, credentials=credentials, api_url=api.api_url, accounts_url=api.accounts_url)
