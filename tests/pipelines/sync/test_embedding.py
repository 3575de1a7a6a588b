"""A program that calls `sync` or `spotify_playlists` besides its own work goes on as if it had not."""

import logging
import os
import signal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import dlt
import pyarrow as pa
import pytest
from dlt.common.configuration.container import Container
from dlt.common.configuration.specs import ConfigSectionContext, PluggableRunContext
from dlt.common.pipeline import PipelineContext

from pipelines.destinations.lake import Lake
from pipelines.operations.query import query
from pipelines.sync.service import sync
from sources.errors import PlaylakeError
from sources.spotify import spotify_playlists
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import settings

WORLD = generate(seed=3, playlists=1, items=5)


@dlt.source(section="shop")
def shop(factor: int = 1) -> Any:
    """A source of somebody's, with a setting: rows with rows in them, and an Arrow table."""
    yield dlt.resource([{"id": 1, "parts": [{"size": factor}]}], name="orders", primary_key="id")
    yield dlt.resource([pa.table({"id": [1, 2], "size": [factor, factor]})], name="sizes")


def own_work(folder: Path, name: str) -> tuple[str, dict[str, list[dict[str, Any]]]]:
    """The schema and the rows of somebody's own pipeline, whose source is made before it."""
    with patch.dict(os.environ, {"SOURCES__SHOP__FACTOR": "3", "SOURCES__SHOP__ORDERS__MAX_TABLE_NESTING": "4"}):
        data = shop()
        pipeline = dlt.pipeline(
            name, destination=dlt.destinations.duckdb(str(folder / f"{name}.duckdb")), dataset_name="own"
        )
        pipeline.run(data)
    rows = {}
    with pipeline.sql_client() as client:
        for table in sorted(pipeline.default_schema.data_table_names()):
            with client.execute_query(f"FROM {table} ORDER BY ALL") as cursor:
                names = [column[0] for column in cursor.description or ()]
                rows[table] = [
                    {key: value for key, value in zip(names, row, strict=True) if not key.startswith("_dlt")}
                    | {"": names}
                    for row in cursor.fetchall()
                ]
    return pipeline.default_schema.to_pretty_yaml(remove_processing_hints=True), rows


def process() -> dict[str, Any]:
    """What a program has only once: settings of dlt's, its log, the active pipeline, signals."""
    log, container = logging.getLogger("dlt"), Container()
    providers = container[PluggableRunContext].providers.providers
    return {
        "settings": (repr(dlt.config), repr(dlt.secrets)),
        "providers": [(id(one), str(getattr(one, "_config_doc", ""))) for one in providers],
        "section": dict(container[ConfigSectionContext]),
        "pipeline": container[PipelineContext].pipeline() if container[PipelineContext].is_active() else None,
        "log": (log.level, list(log.filters), list(log.handlers), logging.getLogger("playlake").level),
        "signals": [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)],
        "environment": dict(os.environ),
    }


@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
def test_a_sync_changes_nothing_else(tmp_path: Path, destination: str) -> None:
    """Settings of dlt, and another pipeline's schema and rows, are the same before and after syncs and a query."""
    expected = own_work(tmp_path, "first")
    assert expected[1]["sizes"][0]["size"] == 3
    assert expected[1]["sizes"][0][""] == ["id", "size"]
    before, lake = process(), Lake(destination, str(tmp_path / "lake"))
    with Sandbox(WORLD) as api:
        sync(lake=lake, **settings(api))
        assert process() == before
        with pytest.raises(PlaylakeError):
            sync(["not an id"], lake, **settings(api))
    query(lake, "SELECT count(*) FROM tracks")
    assert process() == before
    assert own_work(tmp_path, "second") == expected


def test_the_source_changes_nothing_else(tmp_path: Path) -> None:
    """Calling the source leaves everything, and running it in a pipeline leaves dlt's settings and other pipelines."""
    expected, before = own_work(tmp_path, "first"), process()
    with Sandbox(WORLD) as api:
        source = spotify_playlists(**settings(api))
        assert process() == before
        pipeline = dlt.pipeline("mine", destination=dlt.destinations.duckdb(str(tmp_path / "mine")))
        pipeline.run(source)
    after = process()
    assert {name for name in before if before[name] != after[name]} == {"pipeline"}
    assert own_work(tmp_path, "second") == expected


def test_a_program_without_a_pipeline(tmp_path: Path) -> None:
    """No pipeline is active after a sync where none was before."""
    Container()[PipelineContext].deactivate()
    with Sandbox(WORLD) as api:
        sync(lake=Lake("duckdb", str(tmp_path / "lake")), **settings(api))
    assert not Container()[PipelineContext].is_active()


def test_only_other_pipelines_are_counted_by_dlt(tmp_path: Path) -> None:
    """A sync tells dlt's makers nothing, and a pipeline of somebody's own what it always told."""
    told: list[str] = []

    def note(event: dict[str, Any]) -> None:
        told.append(event["event"])

    with patch("dlt.common.runtime.anon_tracker.before_send", note):
        with Sandbox(WORLD) as api:
            sync(lake=Lake("duckdb", str(tmp_path / "lake")), **settings(api))
        assert told == []
        own_work(tmp_path, "third")
    assert told == ["pipeline_extract", "pipeline_normalize", "pipeline_load", "pipeline_run"]
