"""Names, followers and all that describes a playlist, over time."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import settings
from tests.pipelines.tables import select

PLACES = {"duckdb": "all.duckdb", "parquet": "all"}
ROWS = "SELECT count(*) FROM playlist_descriptions"
CHANGES = "SELECT field, before, after FROM playlist_description_changes WHERE playlist_id = '{}' ORDER BY ALL"


@pytest.mark.long
@pytest.mark.parametrize("destination", PLACES)
def test_a_rename_is_kept_and_a_steady_sync_writes_nothing(
    destination: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both names are there; whoever syncs with an empty disk knows what was written, a list without followers too."""
    world, lake = generate(seed=3, playlists=3, items=40), Lake(destination, PLACES[destination])
    mine = world.create_playlist("Mix")

    def synced(disk: str, **more: Any) -> None:
        monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path / disk))
        assert sync(lake=lake, **settings(api), **more).exit_code == 0

    with Sandbox(world) as api:
        synced("one")
        synced("two")
        synced("three", full=True)
        assert select(lake, ROWS) == [(4,)]
        assert select(lake, "SELECT * FROM playlist_description_changes") == []
        # Followers are only told with a playlist that is read, and alone they make one row a day.
        mine.followers += 1
        synced("two", full=True)
        assert select(lake, ROWS) == [(4,)]
        mine.rename("Blend")
        synced("one", audit_after=timedelta(0))
        world.unlist(mine.id)
        synced("one")
        synced("one")
        assert select(lake, ROWS) == [(6,)]
        assert select(lake, CHANGES.format(mine.id)) == [
            ("followers_total", "0", "1"),
            ("in_library", "true", "false"),
            ("name", "Mix", "Blend"),
        ]
    assert select(lake, f"SELECT name FROM playlists WHERE playlist_id = '{mine.id}'") == [("Blend",)]
