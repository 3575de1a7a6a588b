"""A lake that was grown by copies is one that `sync` could have filled."""

import os
from pathlib import Path
from unittest.mock import patch

import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, generate
from tests.benchmarks.large_lake import grow
from tests.pipelines.driving import settings
from tests.pipelines.tables import select

COPIES = 12

COUNTS = """
SELECT
    (SELECT count(*) FROM playlist_additions), (SELECT count(*) FROM items), (SELECT count(title) FROM items),
    (SELECT count(DISTINCT playlist_id) FROM items), (SELECT count(*) FROM playlist_items WHERE item_uri IS NOT NULL)
"""


@pytest.mark.long
@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
def test_a_grown_lake_is_whole(destination: str, tmp_path: Path) -> None:
    """All views have so many times the rows, titles too, and the next sync finds nothing lost and nothing new."""
    lake = Lake(destination, str(tmp_path / "lake"))
    with (
        patch.dict(os.environ, DLT_DATA_DIR=str(tmp_path / "dlt")),
        Sandbox(generate(1, playlists=8, items=120)) as api,
    ):
        sync(lake=lake, **settings(api))
        # Spotify's own playlists are read each time.
        usual = sync(lake=lake, **settings(api)).run
        [before] = select(lake, COUNTS)

        grow(lake, range(1, 1 + COPIES))

        [after] = select(lake, COUNTS)
        assert after == tuple((1 + COPIES) * count for count in before)
        assert before[0] > 100
        assert select(lake, "SELECT count(*) - count(DISTINCT track_uri) FROM tracks") == [(0,)]
        run = sync(lake=lake, **settings(api)).run
        assert (run.exit_code, run.read, run.new_items, run.removed_items) == (0, usual.read, 0, 0)
        assert select(lake, COUNTS) == [after]
