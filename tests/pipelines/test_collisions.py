"""Additions whose keys would collide, which digests of one byte make frequent."""

from hashlib import blake2b
from pathlib import Path
from random import Random

import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify.resources import addition_keys
from sources.spotify_sandbox import Entry, Sandbox, generate
from tests.pipelines.driving import settings
from tests.pipelines.model import Model
from tests.pipelines.sync.test_service import ADDITION, CHANGE, STAY, counted
from tests.pipelines.tables import contents, select


@pytest.fixture(autouse=True)
def bytewise(monkeypatch: pytest.MonkeyPatch) -> None:
    """256 keys in all."""
    monkeypatch.setattr(addition_keys, "blake2b", lambda text, digest_size: blake2b(text, digest_size=digest_size // 8))


@pytest.mark.long
@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
def test_colliding_additions_stay_apart_in_all_views(destination: str, tmp_path: Path) -> None:
    """Whatever is added, removed, put back and moved: each key means one item, now and ever."""
    world, model, lake = generate(seed=5, playlists=2, items=60), Model(), Lake(destination, str(tmp_path / "lake"))
    uris = [entry.uri for playlist in world.listed() for entry in playlist.entries]
    random = Random(7)
    removed: list[Entry] = []
    with Sandbox(world) as api:
        for _ in range(5):
            counts = model.observe(world)
            report = sync(lake=lake, **settings(api))
            assert (report.exit_code, report.run.new_items, report.run.removed_items) == (0, *counts)
            for playlist in world.listed():
                playlist.put_back(0, removed[:3])
                removed = list(playlist.remove(random.sample(range(len(playlist)), min(len(playlist), 5))))
                playlist.insert(random.randrange(len(playlist) + 1), random.choices(uris, k=6))
                playlist.move(random.randrange(len(playlist)), 0)
    found = contents(lake)
    assert model.items() == counted(found["playlist_items"], "playlist_id", "position", *ADDITION)
    assert model.stays() == counted(found["playlist_item_history"], "playlist_id", *ADDITION, *STAY)
    others = [row for row in found["playlist_changes"] if row["change"] != "moved"]
    assert model.comings() == counted(others, "playlist_id", *CHANGE)
    model.check_moves([row for row in found["playlist_changes"] if row["change"] == "moved"])
    [(rows, distinct)] = select(
        lake, "SELECT count(*), count(DISTINCT (playlist_id, item_key)) FROM playlist_additions"
    )
    assert rows == distinct > 100


@pytest.mark.long
def test_a_playlist_without_enough_keys_is_refused_by_name(tmp_path: Path) -> None:
    """Nothing of it is stored, the others are, and the next sync tells it again."""
    world, lake = generate(seed=5, playlists=1, items=20), Lake("duckdb", str(tmp_path / "lake"))
    large = world.create_playlist("Large")
    large.insert(0, [None] * 257)
    with Sandbox(world) as api:
        for _ in range(2):
            report = sync(lake=lake, **settings(api))
            assert report.exit_code == 4
            [message] = [read.message for read in report.reads if read.outcome == "failed"]
            assert message is not None
            assert message.startswith(f"Playlist {large.id} has additions that share all of 256 keys")
        large.remove(range(100))
        assert sync(lake=lake, **settings(api)).exit_code == 0
    assert select(lake, f"SELECT count(*) FROM playlist_items WHERE playlist_id = '{large.id}'") == [(157,)]
