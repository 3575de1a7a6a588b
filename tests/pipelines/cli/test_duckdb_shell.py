"""`playlake query --duckdb` hands over to DuckDB's own shell."""

from pathlib import Path

import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import clean_environment, ended, playlake, settings, started

PROGRAM = """#!/bin/sh
printf '%s\\n' "$@"
exit 7
"""


@pytest.mark.parametrize(
    ("destination", "expected"),
    [
        ("duckdb", ["-readonly", "-cmd", 'USE "spotify"', "{place}"]),
        ("parquet", ["-cmd", '.read "{place}/spotify/views.sql"']),
    ],
)
def test_the_shell_is_given_the_lake(
    destination: str, expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB's shell opens the file without writing, or reads the views of a folder; its exit code is the command's."""
    lake = Lake(destination, str(tmp_path / "a lake"))
    with Sandbox(generate(seed=1, playlists=2, items=10)) as api:
        sync(lake=lake, **settings(api))
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "duckdb").write_text(PROGRAM)
    (folder / "duckdb").chmod(0o755)
    environment = clean_environment(tmp_path)
    environment |= {"PATH": f"{folder}:{environment['PATH']}"}
    arguments = ("query", "--destination", destination, "--path", lake.location, "--duckdb")
    end = ended(started(*arguments, folder=tmp_path, environment=environment))
    assert (end.code, end.err) == (7, "")
    assert end.out.splitlines() == [part.format(place=lake.location) for part in expected]

    monkeypatch.setenv("PATH", str(tmp_path))
    missing = playlake(*arguments)
    assert (missing.code, missing.out, "not installed" in missing.err) == (2, "", True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--path", "none.duckdb"], "playlake sync"), (["--destination", "postgres"], "without --duckdb")],
)
def test_what_the_shell_cannot_open(arguments: list[str], words: str) -> None:
    """Where there is no lake, or one that DuckDB cannot read by itself, a line says so."""
    end = playlake("query", *arguments, "--duckdb")
    assert (end.code, end.out, words in end.err) == (2, "", True)
