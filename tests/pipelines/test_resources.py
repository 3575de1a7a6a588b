"""Resources are selected by a setting, or by dlt's `with_resources`, and share one reading."""

from pathlib import Path
from typing import Any

import dlt
import pytest

from pipelines.lake import Lake
from pipelines.views import create_views
from sources.errors import ConfigurationError
from sources.spotify import spotify
from sources.spotify.resources.order_and_groups import GROUPS
from sources.spotify.resources.registry import RESOURCES, selected
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import settings
from tests.pipelines.tables import select

pytestmark = pytest.mark.sampled(2)

MADE: dict[str, Any] = {"duckdb": dlt.destinations.duckdb, "parquet": dlt.destinations.filesystem}
COUNTS = "SELECT (SELECT count(*) FROM playlist_items) > 0, (SELECT count(*) FROM saved_items) > 0"
DOUBLE = "SELECT count(*) FROM (SELECT track_uri FROM tracks GROUP BY ALL HAVING count(*) > 1)"


@pytest.mark.parametrize("destination", MADE)
@pytest.mark.parametrize(
    ("names", "filled"),
    [
        ((), (True, False)),
        (("saved_items",), (False, True)),
        (("playlists", "saved_items"), (True, True)),
    ],
)
def test_with_resources_selects(
    names: tuple[str, ...], filled: tuple[bool, bool], destination: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is named is read and nothing else, playlists by default, and what resources share is stored once."""
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path / "dlt"))
    with Sandbox(generate(seed=3, playlists=3, items=40)) as api:
        source = spotify(**settings(api))
        pipeline = dlt.pipeline("own", destination=MADE[destination](str(tmp_path / "lake")), dataset_name="spotify")
        pipeline.run(source.with_resources(*names) if names else source)
        create_views(pipeline)
    lake = Lake(destination, str(tmp_path / "lake"))
    assert select(lake, COUNTS) == [filled]
    assert select(lake, DOUBLE) == [(0,)]


@pytest.mark.sampled(1)
def test_names_and_groups() -> None:
    """Groups stand for resources, each is read once in the order of `all`, and only what is named is missed."""
    assert GROUPS["all"] == tuple(RESOURCES)
    everything = selected(["all", "saved_items"])
    assert [resource.name for resource in everything.resources] == list(RESOURCES)
    assert everything.named == {"saved_items"}
    assert [resource.name for resource in selected().resources] == ["playlists"]
    for name, members in GROUPS.items():
        assert [resource.name for resource in selected([name]).resources] == [r for r in RESOURCES if r in members]
        assert selected([name]).named == set()
    with pytest.raises(ConfigurationError, match="did you mean playlists"):
        selected(["playlist"])
