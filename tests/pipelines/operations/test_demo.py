"""The demonstration works anywhere and leaves a database to ask."""

from pathlib import Path

import pytest

from pipelines.destinations.lake import Lake
from pipelines.operations.demo import DEFAULT_PATH, QUERIES
from sources.spotify_sandbox import World, generate
from tests.pipelines.driving import playlake
from tests.pipelines.tables import select


def small(*, seed: int) -> World:
    """The demonstration's world, in small."""
    return generate(seed=seed, playlists=12, items=500)


@pytest.mark.long
def test_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without settings it syncs twice, answers its questions, and says where the database is; it can be repeated."""
    monkeypatch.setattr("pipelines.operations.demo.generate", small)
    (tmp_path / DEFAULT_PATH).write_bytes(b"what an earlier demonstration left")

    end = playlake("demo")

    assert (end.code, end.err) == (0, "")
    assert "First sync: 12 playlists" in end.out
    assert "Second sync: " in end.out
    for question, sql in QUERIES:
        assert question in end.out
        assert sql.strip() in end.out
    assert str(tmp_path / DEFAULT_PATH) in end.out
    lake = Lake("duckdb", DEFAULT_PATH)
    assert select(lake, "SELECT count(*), sum(new_items) > 400 FROM runs") == [(2, True)]
    assert select(lake, "SELECT count(*) > 0 FROM playlist_changes") == [(True,)]


def test_demo_keeps_a_file_that_is_named(tmp_path: Path) -> None:
    """A file that was named is somebody's: it is not made anew."""
    (tmp_path / "mine.duckdb").write_text("my letters")

    end = playlake("demo", "--path", "mine.duckdb")

    assert (end.code, end.out) == (2, "")
    assert "mine.duckdb" in end.err
    assert (tmp_path / "mine.duckdb").read_text() == "my letters"
