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
    """The README's query for another time."""
    blocks = re.findall(r"```sql\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    (sql,) = (block for block in blocks if "now() - INTERVAL 1 DAY" in block)
    return str(sql).replace("now() - INTERVAL 1 DAY", f"TIMESTAMPTZ '{time.isoformat()}'")


@pytest.mark.long
@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
def test_any_observed_time(destination: str, tmp_path: Path) -> None:
    """After each of several syncs the playlists can be had as each earlier sync found them, in order."""
    lake = Lake(destination, str(tmp_path / "lake"))
    world = generate(seed=9, playlists=8, items=150)
    times: list[datetime] = []
    found: list[dict[str, list[str | None]]] = []
    with Sandbox(world) as api:
        for round_ in range(4):
            done = sync(lake=lake, **settings(api))
            assert done.run.finished_at is not None
            times.append(done.run.finished_at)
            known = found[-1] if found else {}
            found.append(known | {p.id: [entry.uri for entry in p.entries] for p in world.listed()})
            evolve(world, Random(round_), 15)
    for time, expected in zip(times, found, strict=True):
        then: dict[str, list[str | None]] = {playlist_id: [] for playlist_id in expected}
        for playlist_id, position, uri, _ in select(lake, as_of(time)):
            assert position == len(then[playlist_id])
            then[playlist_id].append(uri)
        assert then == expected
