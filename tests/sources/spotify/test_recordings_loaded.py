"""Recorded answers from end to end: served, synced, and read from the view on both destinations."""

from pathlib import Path

import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox
from sources.spotify_sandbox.worlds.loading import load
from tests.sources.spotify.recordings import entries, expected_addition, recordings

COLUMNS = ("added_at", "added_by_id", "item_uri", "item_type", "track_id", "episode_id", "is_local")

SHADOWED = "spotify-web-api-java/main/data/playlists/GetPlaylistsItemsRequest_Episode.json"
"""Another page of the same playlist at the same offset takes its place in the sandbox."""


@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
def test_the_view_shows_the_recorded_entries_in_order(
    destination: str, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each recorded page is found as it was, entry by entry, in the view of current items."""
    lake = Lake(destination, str(tmp_path / "lake"))
    with Sandbox(load(shared / "recordings")) as api:
        for name, value in api.environment.items():
            monkeypatch.setenv(name, value)
        report = sync(lake=lake)
    with lake.open() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        rows = connection.execute(
            f"SELECT playlist_id, {', '.join(COLUMNS)} FROM playlist_items ORDER BY playlist_id, position"
        ).fetchall()
    stored: dict[str, list[tuple[object, ...]]] = {}
    for playlist_id, *row in rows:
        stored.setdefault(playlist_id, []).append(tuple(row))
    checked = 0
    for recording in recordings(shared / "recordings"):
        if recording.kind == "playlists" or "/me/tracks" in str(recording.body.get("href")):
            continue
        if recording.name == SHADOWED:
            continue
        expected = [tuple(expected_addition(entry)[name] for name in COLUMNS) for entry in entries(recording)]
        assert any(
            rows[start : start + len(expected)] == expected for rows in stored.values() for start in range(len(rows))
        ), recording.name
        checked += len(expected)
    assert report.run.new_items == len(rows)
    assert (report.exit_code, report.run.failed) == (0, 0)
    assert checked >= len(rows)
