"""Fields that the API adds are noticed, and told until a version stores them."""

import json
from pathlib import Path

import duckdb
import pytest

from pipelines.destinations.lake import Lake
from pipelines.operations.status import unknown_fields
from sources.spotify.api import schema_drift
from sources.spotify.models.answers import User
from sources.spotify_sandbox import Fault, Sandbox, Weather, generate
from tests.pipelines.driving import playlake

pytestmark = pytest.mark.sampled(2)


@pytest.mark.parametrize("regime", ["development", "extended"])
def test_nothing_is_unknown_today(regime: str) -> None:
    """A sync of all resources from the sandbox, in either regime, meets no field that it does not know."""
    with Sandbox(generate(seed=3, playlists=12, items=400), regime=regime) as api:
        end = playlake("sync", "--resources", "all", "--report", "report.json", environment=api.environment)
        assert end.code == 0
    report = json.loads(Path("report.json").read_text())
    assert (report["unknown_fields"], report["run"]["unknown_fields"]) == ([], None)
    assert unknown_fields(Lake()).rows == []


@pytest.mark.long
@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
def test_a_field_of_tomorrow_is_noticed(destination: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report, the log and the lake tell the field without its values, until a version stores it."""
    weather = Weather([Fault("new_field", name="mood"), Fault("new_field", type="user", name="pronouns")])
    options = ("--destination", destination, "--log-format", "json", "--report", "report.json")
    lake = Lake(destination)
    with Sandbox(generate(seed=3, playlists=8, items=200)) as api:
        assert playlake("sync", *options, environment=api.environment).code == 0
    with Sandbox(generate(seed=3, playlists=8, items=200), weather=weather) as api:
        second = playlake("sync", "--full", *options, environment=api.environment)
        assert playlake("sync", *options, environment=api.environment).code == 0

    [event] = [line for line in map(json.loads, second.err.splitlines()) if line["event"] == "unknown_fields"]
    told = {(field["object"], field["field"]): field for field in event["unknown_fields"]}
    assert told.keys() == {("Item", "mood"), ("User", "pronouns")}
    assert told["User", "pronouns"]["place"] == "items[].owner.pronouns"
    assert told["Item", "mood"]["type"] == "string"
    assert told["Item", "mood"]["count"] > 10
    assert "new" not in str(told)

    seen = {row[:2]: row for row in unknown_fields(lake).rows}
    assert seen.keys() == told.keys()
    assert seen["User", "pronouns"][5] == 2
    assert seen["User", "pronouns"][6] < seen["User", "pronouns"][7]
    monkeypatch.setitem(schema_drift.LEFT_ASIDE[User], "pronouns", "a test stores it")
    schema_drift._known.cache_clear()
    assert [row[1] for row in unknown_fields(lake).rows] == ["mood"]
    monkeypatch.undo()
    schema_drift._known.cache_clear()


def test_a_database_of_an_earlier_version_has_none() -> None:
    """Where no sync of this version has written yet, the list is empty."""
    with Sandbox(generate(seed=3, playlists=2, items=10)) as api:
        assert playlake("sync", environment=api.environment).code == 0
    with duckdb.connect(Lake().location) as connection:
        connection.execute("ALTER TABLE spotify.runs DROP COLUMN unknown_fields")
    assert unknown_fields(Lake()).rows == []
