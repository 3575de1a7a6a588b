"""What a lake says of its own freshness."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from pipelines.lake import Lake
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import playlake
from tests.pipelines.tables import select


def test_status_tells_each_playlist_and_the_last_run(tmp_path: Path) -> None:
    """Every playlist has a row with access, size, last read and next audit; a withheld one was never read."""
    world = generate(seed=3, playlists=8, items=100)
    with Sandbox(world, regime="development") as api:
        environment = api.environment | {"SOURCES__SPOTIFY__AUDIT_AFTER": "36 h"}
        assert playlake("sync", environment=environment).code == 0
        told = playlake("status", "--format", "json", environment=environment)
        shown = playlake("status", environment=environment)

    assert (told.code, shown.code) == (0, 0)
    rows = {row["playlist_id"]: row for row in json.loads(told.out)}
    assert {id_: (row["name"], row["access"], row["snapshot_id"], row["problem"]) for id_, row in rows.items()} == {
        playlist.id: (
            playlist.name,
            "readable" if playlist.is_readable else "metadata_only",
            playlist.snapshot_id,
            None,
        )
        for playlist in world.listed()
    }
    reads = select(Lake("duckdb", "playlake.duckdb"), "SELECT playlist_id, finished_at FROM playlist_reads")
    for playlist_id, finished_at in reads:
        row = rows[playlist_id]
        assert finished_at < datetime.fromisoformat(row["next_audit_at"]) <= finished_at + timedelta(hours=36)
        assert (row["last_read_at"] is None) == (row["access"] == "metadata_only")
        assert row["items_total"] == len(world.playlist(playlist_id))
    listing, _, last_run = shown.out.partition("\nLast run\n")
    assert all(playlist.id in listing for playlist in world.listed())
    assert "done" in last_run
    assert sorted(path.name for path in tmp_path.iterdir()) == ["playlake.duckdb"]


def test_status_of_nothing() -> None:
    """Before the first sync there is nothing to tell, which is said in one line."""
    end = playlake("status")
    assert (end.code, end.out) == (2, "")
    assert "playlake sync" in end.err
    assert end.err.count("\n") == 1
