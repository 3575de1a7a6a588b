"""Syncs that are killed: real processes, SIGKILL at random moments, with the working folder lost now and then."""

import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify import LoadBudget
from sources.spotify_sandbox import Playlist, Sandbox, evolve, generate
from tests.pipelines.driving import settings

KILLS = int(os.environ.get("PLAYLAKE_KILLS", "4"))
"""How many processes are killed per destination; hundreds for a long run."""
LONGEST = 3.0
"""Seconds after which a process is killed at the latest: a little more than a whole sync takes."""

PROGRAM = """
import json, sys
from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify import LoadBudget
lake, settings = json.loads(sys.argv[1])
sync(lake=Lake(*lake), budget=LoadBudget(requests=8), **settings)
"""

State = list[tuple[Any, ...]]


def unnamed(entries: State) -> State:
    """The same without who added each."""
    return [entry[:2] for entry in entries]


def state(playlist: Playlist) -> State:
    """What tells a playlist's entries apart, in order."""
    return [
        (entry.uri, datetime.fromisoformat(entry.added_at) if entry.added_at else None, entry.added_by or None)
        for entry in playlist.entries
    ]


def killed_sync(lake: Lake, api: Sandbox, work: Path, seconds: float) -> bool:
    """Starts a sync and kills it after so many seconds; says whether it still ran."""
    arguments = json.dumps([[lake.destination, lake.path, lake.dataset], settings(api)])
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, arguments],
        env=os.environ | {"DLT_DATA_DIR": str(work)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def stored_items(lake: Lake) -> dict[str, State]:
    with lake.open() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        rows = connection.execute(
            "SELECT playlist_id, item_uri, added_at, added_by_id FROM playlist_items ORDER BY playlist_id, position"
        ).fetchall()
    found: dict[str, State] = {}
    for playlist_id, *values in rows:
        found.setdefault(playlist_id, []).append(tuple(values))
    return found


def stored_states(lake: Lake) -> Iterator[tuple[str, State]]:
    """All states of all completed loads, oldest first."""
    with lake.open() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        rows = connection.execute(
            """
            WITH states AS (
                SELECT DISTINCT playlist_id, observed_at, item_keys::BIGINT[] AS item_keys FROM playlist_snapshots
                WHERE _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)
            ),
            additions AS (
                SELECT DISTINCT playlist_id, item_key, item_uri, added_at, added_by_id FROM playlist_additions
                WHERE _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)
            ),
            listed AS (
                SELECT playlist_id, observed_at, unnest(item_keys) AS item_key,
                    generate_subscripts(item_keys, 1) AS position
                FROM states
            )
            SELECT playlist_id, list((item_uri, added_at, added_by_id) ORDER BY position)
            FROM listed JOIN additions USING (playlist_id, item_key)
            GROUP BY playlist_id, observed_at ORDER BY playlist_id, observed_at
            """
        ).fetchall()
    for playlist_id, entries in rows:
        yield playlist_id, [tuple(entry) for entry in entries]


@pytest.mark.long
@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
@pytest.mark.sampled(1)
def test_killed_at_random_moments(destination: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After any kill the next sync completes: nothing is missing or doubled, and every stored state was a real one."""
    random = Random(f"kills {destination}")
    world = generate(seed=11, playlists=25, items=700)
    lake = Lake(destination, str(tmp_path / ("lake.duckdb" if destination == "duckdb" else "lake")))
    work = tmp_path / "work"
    monkeypatch.setenv("DLT_DATA_DIR", str(work))
    real: dict[str, list[State]] = {}
    died = 0

    def note() -> None:
        for playlist in world.playlists.values():
            states = real.setdefault(playlist.id, [])
            if not states or states[-1] != state(playlist):
                states.append(state(playlist))

    with Sandbox(world) as api:
        note()
        for number in range(KILLS):
            died += killed_sync(lake, api, work, random.uniform(0.2, LONGEST))
            if random.random() < 1 / 3:
                shutil.rmtree(work, ignore_errors=True)
            if number % 2:
                done = sync(lake=lake, budget=LoadBudget(requests=40), **settings(api))
                assert done.exit_code == 0
                expected = {playlist.id: state(playlist) for playlist in world.listed() if len(playlist)}
                found = stored_items(lake)
                assert {playlist_id: found.get(playlist_id) for playlist_id in expected} == expected
                for playlist_id, entries in stored_states(lake):
                    # Who added an item is no part of a state: the newest name counts for all.
                    assert unnamed(entries) in map(unnamed, real[playlist_id])
            evolve(world, random, 6)
            note()
    assert died, "no process was still running when it was to be killed"
    logging.getLogger(__name__).info("%s: %d of %d processes killed while they ran", destination, died, KILLS)


@pytest.mark.long
def test_a_killed_backfill_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was loaded before a kill is not read again, and the run that goes on reads the rest."""
    world = generate(seed=11, playlists=25, items=700)
    lake = Lake("duckdb", str(tmp_path / "lake.duckdb"))
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path / "work"))

    class Stopped(BaseException):
        pass

    def stop(done: int, _total: int) -> None:
        if done == 15:
            raise Stopped

    with Sandbox(world) as api:
        with pytest.raises(Stopped):
            sync(lake=lake, budget=LoadBudget(requests=5), progress=stop, **settings(api))
        api.requests.clear()
        done = sync(lake=lake, **settings(api))
    read = {record.path.split("/")[3] for record in api.requests if "/playlists/" in record.path}
    assert done.run.unchanged > 0
    assert len(read) == done.run.read == 25 - done.run.unchanged
    assert {playlist_id: len(entries) for playlist_id, entries in stored_items(lake).items()} == {
        playlist.id: len(playlist) for playlist in world.listed() if len(playlist)
    }
