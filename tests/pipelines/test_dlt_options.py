"""What a dlt user may ask of the source in a pipeline of their own is done, or refused before anything is touched."""

from pathlib import Path
from typing import Any

import dlt
import pytest
from dlt.pipeline.exceptions import PipelineStepFailed

from pipelines.destinations.lake import Lake
from pipelines.views import create_views
from sources.spotify import spotify_playlists
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import settings
from tests.pipelines.tables import Rows, contents

pytestmark = pytest.mark.sampled(3)

DESTINATIONS = ("duckdb", "parquet")


def own_pipeline(destination: str, place: Path, **more: Any) -> dlt.Pipeline:
    """A pipeline as dlt's users make one."""
    made: Any = dlt.destinations.duckdb if destination == "duckdb" else dlt.destinations.filesystem
    return dlt.pipeline("own", destination=made(str(place), **more), dataset_name="spotify")


def stored(pipeline: dlt.Pipeline, destination: str, place: Path) -> dict[str, Rows]:
    """Everything it has loaded."""
    create_views(pipeline)
    return contents(Lake(destination, str(place)))


@pytest.fixture(autouse=True)
def own_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What dlt knows of the pipeline is of this test."""
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path / "dlt"))


@pytest.mark.long
@pytest.mark.parametrize("refresh", ["drop_sources", "drop_resources", "drop_data"])
@pytest.mark.parametrize("destination", DESTINATIONS)
def test_refresh_reads_everything_again(destination: str, refresh: Any, tmp_path: Path) -> None:
    """What is dropped is not taken for known: after it the tables are as after a first run."""
    place = tmp_path / "lake"
    with Sandbox(generate(seed=3, playlists=3, items=40)) as api:
        pipeline = own_pipeline(destination, place)
        pipeline.run(spotify_playlists(**settings(api)))
        first = stored(pipeline, destination, place)
        for _ in range(2):
            pipeline.run(spotify_playlists(**settings(api)), refresh=refresh)
            again = stored(pipeline, destination, place)
            for name in ("playlist_additions", "playlist_snapshots", "tracks", "track_artists", "playlist_items"):
                assert len(again[name]) == len(first[name]) > 0, name
            assert len(again["runs"]) == 1
        pipeline.run(spotify_playlists(**settings(api)))
        assert stored(pipeline, destination, place)["playlist_items"] == again["playlist_items"]


OPTIONS: dict[str, dict[str, Any]] = {
    "write_disposition": {"write_disposition": "replace"},
    "merge": {"write_disposition": {"disposition": "merge", "strategy": "delete-insert"}},
    "delta": {"table_format": "delta"},
    "iceberg": {"table_format": "iceberg"},
    "table_name": {"table_name": "everything"},
    "primary_key": {"primary_key": "name"},
    "columns": {"columns": {"name": {"data_type": "bigint"}}},
    "discard_value": {"schema_contract": "discard_value"},
    "discard_row": {"schema_contract": {"columns": "discard_row"}},
}


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("destination", DESTINATIONS)
def test_what_would_lose_or_double_rows_is_refused(destination: str, option: str, tmp_path: Path) -> None:
    """The message names the option, on a fresh destination and on one that holds something, and nothing is touched."""
    place = tmp_path / "lake"
    with Sandbox(generate(seed=3, playlists=1, items=5)) as api:
        refused(own_pipeline(destination, place), api, **OPTIONS[option])
        pipeline = own_pipeline(destination, place)
        pipeline.run(spotify_playlists(**settings(api)))
        before = stored(pipeline, destination, place)
        refused(pipeline, api, **OPTIONS[option])
        assert stored(pipeline, destination, place) == before


@pytest.mark.parametrize("option", ["add_limit", "add_filter", "another one"])
@pytest.mark.parametrize("destination", DESTINATIONS)
def test_sources_that_leave_out_or_double(destination: str, option: str, tmp_path: Path) -> None:
    """A limit, a filter, a second source in the same run are refused by name; one run after the other is fine."""
    place = tmp_path / "lake"
    with Sandbox(generate(seed=3, playlists=2, items=20)) as api:
        pipeline = own_pipeline(destination, place)
        one: Any = spotify_playlists(**settings(api))
        if option == "add_limit":
            one.add_limit(3)
        elif option == "add_filter":
            one.playlists.add_filter(lambda rows: rows.num_rows > 1)
        else:
            one = [one, spotify_playlists(**settings(api))]
        with pytest.raises(PipelineStepFailed, match=f"{option} cannot be given to the source"):
            pipeline.run(one)
        for _ in range(2):
            pipeline.run(spotify_playlists(**settings(api)).add_limit(None))
        assert [row["unchanged"] for row in stored(pipeline, destination, place)["runs"]] == [0, 2]


def refused(pipeline: dlt.Pipeline, api: Sandbox, **options: Any) -> None:
    """Runs it, and sees which option is named."""
    with pytest.raises(PipelineStepFailed) as failure:
        pipeline.run(spotify_playlists(**settings(api)), **options)
    said = str(failure.value).strip().splitlines()[-1]
    assert next(iter(options)) in said
    assert "cannot be given to the source" in said


def test_files_that_would_not_be_found_again_are_refused(tmp_path: Path) -> None:
    """A layout of one's own, or another format than Parquet, would make every run write everything once more."""
    place = tmp_path / "lake"
    with Sandbox(generate(seed=3, playlists=1, items=5)) as api:
        layout = "{table_name}/{YYYY}/{load_id}.{file_id}.{ext}"
        with pytest.raises(PipelineStepFailed, match=r"destination\.filesystem\.layout = .* leave it out"):
            own_pipeline("parquet", place, layout=layout).run(spotify_playlists(**settings(api)))
        refused(own_pipeline("parquet", place), api, loader_file_format="jsonl")


@pytest.mark.parametrize("destination", DESTINATIONS)
def test_frozen_tables_stay_as_they_are(destination: str, tmp_path: Path) -> None:
    """A contract that allows no new tables stops a first run, and no later one."""
    place = tmp_path / "lake"
    with Sandbox(generate(seed=3, playlists=1, items=5)) as api:
        pipeline = own_pipeline(destination, place)
        pipeline.run(spotify_playlists(**settings(api)))
        pipeline.run(spotify_playlists(**settings(api)), schema_contract="freeze")
        assert [row["unchanged"] for row in stored(pipeline, destination, place)["runs"]].count(1) == 1
