"""Lakes that an earlier version wrote."""

from pathlib import Path

import duckdb
import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import settings
from tests.pipelines.tables import select

LATER = {"playlist_reads": "user_id", "tracks": "isrc", "runs": "user_id", "playlist_images": "width"}
"""Columns of tables of all kinds that the earlier version shall not have known."""


@pytest.mark.long
def test_columns_that_a_database_lacks_are_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until then they count as null; nothing is read again for their sake, and nothing is there twice."""
    world, lake = generate(seed=2, playlists=3, items=40), Lake(path=str(tmp_path / "old.duckdb"))
    with Sandbox(world) as api:
        assert sync(lake=lake, **settings(api)).exit_code == 0
        with duckdb.connect(lake.location) as connection:
            for table, column in LATER.items():
                connection.execute(f"ALTER TABLE spotify.{table} DROP COLUMN {column}")
            connection.execute("DELETE FROM spotify._dlt_version")
        # Another version of the program knows other tables than this machine remembers.
        monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path / "dlt"))
        run = sync(lake=lake, **settings(api)).run
        assert (run.read, run.new_items, run.exit_code) == (0, 0, 0)
        next(playlist for playlist in world.listed() if len(playlist) > 3).remove([0])
        assert sync(lake=lake, **settings(api)).run.removed_items == 1
    assert select(lake, "SELECT count(isrc) > 0, count(*) = count(DISTINCT track_uri) FROM tracks") == [(True, True)]
    assert select(lake, "SELECT count(DISTINCT user_id) FROM runs") == [(1,)]
