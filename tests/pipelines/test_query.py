"""Answers come in three formats."""

import csv
import io
import json
from pathlib import Path

import pytest

from pipelines.lake import Lake
from pipelines.sync import sync
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import playlake, settings

NAMES = ("Plain", 'Quote " and, comma', "Línea\nnueva 🎧", "Ça va?")
MARKUP = "[bold]no markup[/] but [/this] is a name"


@pytest.fixture(scope="module", params=["duckdb", "parquet"])
def lake(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake whose four playlists have awkward names."""
    world = generate(seed=1, playlists=4, items=40)
    for playlist, name in zip(world.listed(), NAMES, strict=True):
        playlist.rename(name)
    where = Lake(request.param, str(tmp_path_factory.mktemp("lake") / "lake"))
    with Sandbox(world) as api:
        sync(lake=where, **settings(api))
    return where


def asked(lake: Lake, sql: str, style: str) -> str:
    """What `playlake query` prints."""
    end = playlake("query", "--destination", lake.destination, "--path", lake.location, "--format", style, sql)
    assert (end.code, end.err) == (0, "")
    return end.out


SQL = "SELECT name, length(name) AS letters, NULL AS nothing FROM playlists ORDER BY name"


def test_json_keeps_types_and_names(lake: Lake) -> None:
    """JSON is a list of objects with numbers as numbers and nulls as nulls."""
    expected = [{"name": name, "letters": len(name), "nothing": None} for name in sorted(NAMES)]
    assert json.loads(asked(lake, SQL, "json")) == expected


def test_csv_reads_back(lake: Lake) -> None:
    """CSV has a header, and quotes what needs it."""
    expected = [["name", "letters", "nothing"], *([name, str(len(name)), ""] for name in sorted(NAMES))]
    assert list(csv.reader(io.StringIO(asked(lake, SQL, "csv")))) == expected


def test_a_table_is_for_people(lake: Lake) -> None:
    """A table has a header and the values."""
    header, *lines = asked(lake, SQL, "table").splitlines()
    assert header.split() == ["name", "letters", "nothing"]
    text = "\n".join(lines)
    for name in NAMES:
        assert all(part in text for part in name.split("\n"))


def test_a_table_commands_no_terminal(lake: Lake) -> None:
    """Control characters, which others may put into a name, are shown as what they are: none that can be shown."""
    told = asked(lake, "SELECT chr(27) || ']0;title' || chr(7) || 'a' || chr(155) AS name", "table")
    assert told.splitlines()[1].replace("\N{REPLACEMENT CHARACTER}", "?") == "?]0;title?a?"


def test_a_table_shows_values_as_they_are(lake: Lake) -> None:
    """What looks like markup or the name of an emoji is only a value."""
    assert asked(lake, f"SELECT '{MARKUP} :smile:' AS name", "table").splitlines()[1] == f"{MARKUP} :smile:"


def test_times_are_utc_wherever_the_machine_stands(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """No format moves a time to the local zone."""
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    sql = "SELECT TIMESTAMPTZ '2026-11-22 12:00:00+00' AS noon"
    assert asked(lake, sql, "table").splitlines()[1].strip() == "2026-11-22 12:00:00"
    assert asked(lake, sql, "csv").splitlines()[1] == "2026-11-22 12:00:00"
    assert json.loads(asked(lake, sql, "json"))[0]["noon"].startswith("2026-11-22T12:00:00")


def test_very_many_rows_are_cut_only_for_people(lake: Lake, tmp_path: Path) -> None:
    """A table ends after a thousand rows and says so; CSV and JSON hold everything."""
    sql = "SELECT range AS n FROM range(1500)"
    assert "500 more rows" in asked(lake, sql, "table").splitlines()[-1]
    assert len(asked(lake, sql, "csv").splitlines()) == 1501
    assert len(json.loads(asked(lake, sql, "json"))) == 1500
    assert list(tmp_path.iterdir()) == []
