"""Playlists as they were: the query that the README shows."""

import re
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, evolve, generate
from tests.pipelines.driving import settings
from tests.pipelines.tables import select

README = Path(__file__).parents[2] / "README.md"


def as_of(time: datetime) -> str:
    """The README's query for another time, with ids in place of words."""
    blocks = re.findall(r"```sql\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    (sql,) = (block for block in blocks if "now() - INTERVAL 1 DAY" in block)
    asked = str(sql).replace("now() - INTERVAL 1 DAY", f"TIMESTAMPTZ '{time.isoformat()}'")
    assert asked.startswith("SELECT playlist, place, title, artists\n")
    return asked.replace("SELECT playlist, place, title, artists\n", "SELECT playlist_id, place, item_uri\n")


@pytest.mark.long
@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
def test_any_observed_time(destination: str, tmp_path: Path) -> None:
    """After each of several syncs the playlists can be had as each earlier sync found them, in order."""
    lake = Lake(destination, str(tmp_path / "lake"))
    world = generate(seed=9, playlists=8, items=150)
    times: list[datetime] = []
    found: list[dict[str, list[str | None]]] = []
    there: list[set[str]] = []
    with Sandbox(world) as api:
        for round_ in range(4):
            done = sync(lake=lake, **settings(api))
            assert done.run.finished_at is not None
            times.append(done.run.finished_at)
            known = found[-1] if found else {}
            found.append(known | {p.id: [entry.uri for entry in p.entries] for p in world.listed()})
            there.append({p.id for p in world.listed()})
            evolve(world, Random(round_), 15)
    for time, expected, listed in zip(times, found, there, strict=True):
        then: dict[str, list[str | None]] = {}
        for playlist_id, place, uri in select(lake, as_of(time)):
            then.setdefault(playlist_id, []).append(uri)
            assert place == len(then[playlist_id])
        assert then == {playlist_id: expected[playlist_id] for playlist_id in then}
        assert {playlist_id for playlist_id in listed if expected[playlist_id]} <= then.keys()
