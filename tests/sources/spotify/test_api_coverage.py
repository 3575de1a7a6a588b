"""The page of all operations."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from schemas import TABLES
from sources.spotify import api_coverage
from sources.spotify.api.operations import OPERATIONS
from sources.spotify.api_coverage import FILE, found_with, main, page
from sources.spotify.resources.base import ENTRIES


def test_it_is_up_to_date() -> None:
    """What is in the repository is what would be written."""
    assert FILE.read_text(encoding="utf-8") == page()


def test_every_operation_has_one_row() -> None:
    """Each stands once on the page, with a link to Spotify's own."""
    rows = [line for line in page().splitlines() if line.startswith("| [")]
    assert len(rows) == len(OPERATIONS)
    for operation in OPERATIONS:
        [row] = [row for row in rows if row.startswith(f"| [{operation.method} `{operation.path}`]")]
        assert f"/{operation.name})" in row


def test_tables_of_inner_objects_follow() -> None:
    """A track brings its album and artists, an entry all that may be on a playlist."""
    assert {"tracks", "track_artists", "albums", "album_images", "artists"} <= set(found_with(["tracks"]))
    assert {"tracks", "episodes", "shows", "unknown_items", "users"} <= set(found_with([ENTRIES]))
    assert set(found_with([ENTRIES])) <= {table.name for table in TABLES}
    assert found_with(["markets"]) == ["markets"]


def test_a_stale_page_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--check fails on a missing or changed page and leaves it alone; without it the page is written."""
    file = tmp_path / "api_coverage.md"
    monkeypatch.setattr(api_coverage, "FILE", file)
    run = CliRunner().invoke
    assert run(main, ["--check"]).exit_code == 1
    assert run(main, []).exit_code == 0
    assert run(main, ["--check"]).exit_code == 0
    file.write_text("old")
    checked = run(main, ["--check"])
    assert (checked.exit_code, file.read_text(), str(file) in checked.output) == (1, "old", True)
