"""What a user has set for other pipelines of dlt's changes nothing in a lake."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import dlt
import pytest
from dlt.common.configuration.container import Container
from dlt.common.configuration.specs import PluggableRunContext

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from schemas import TABLES
from sources.spotify_sandbox import Sandbox, evolve, generate
from tests.pipelines.driving import CHECKOUT, clean_environment, settings
from tests.pipelines.tables import contents

SETTINGS = {
    "destination.filesystem.layout": "{table_name}/{YYYY}/{load_id}.{file_id}.{ext}",
    "destination.filesystem.current_datetime": "2020-01-01T00:00:00Z",
    "destination.filesystem.max_state_files": "1",
    "destination.filesystem.bucket_url": "elsewhere",
    "destination.layout": "{table_name}.{load_id}.{file_id}.{ext}",
    "destination.duckdb.credentials": "elsewhere.duckdb",
    "destination.duckdb.credentials.read_only": "true",
    "destination.duckdb.create_indexes": "true",
    "destination.duckdb.staging_dataset_name_layout": "spotify",
    "destination.replace_strategy": "staging-optimized",
    "destination.enable_dataset_name_normalization": "true",
    "destination.environment": "production",
    "data_writer.disable_compression": "true",
    "data_writer.buffer_max_items": "3",
    "data_writer.file_max_items": "3",
    "data_writer.file_max_bytes": "100",
    "data_writer.compression": "gzip",
    "data_writer.version": "1.0",
    "data_writer.flavor": "spark",
    "data_writer.coerce_timestamps": "s",
    "data_writer.allow_truncated_timestamps": "true",
    "data_writer.timestamp_timezone": "Europe/Berlin",
    "data_writer.row_group_size": "2",
    "normalize.data_writer.file_max_items": "2",
    "normalize.data_writer.disable_compression": "true",
    "normalize.loader_file_format": "jsonl",
    "normalize.parquet_normalizer.add_dlt_load_id": "false",
    "normalize.parquet_normalizer.add_dlt_id": "true",
    "normalize.json_normalizer.add_dlt_load_id": "false",
    "normalize.workers": "2",
    "load.workers": "1",
    "load.delete_completed_jobs": "false",
    "load.truncate_staging_dataset": "false",
    "load.raise_on_failed_jobs": "false",
    "load.parallelism_strategy": "sequential",
    "extract.workers": "1",
    "extract.max_parallel_items": "1",
    "extract.next_item_mode": "fifo",
    "extract.data_writer.file_max_items": "2",
    "schema.naming": "duck_case",
    "schema.json_normalizer": '{"module": "nowhere"}',
    "schema.max_table_nesting": "0",
    "schema.allow_identifier_change_on_table_with_data": "true",
    "schema.use_break_path_on_normalize": "true",
    "schema_contract": "freeze",
    "sources.schema_contract": "freeze",
    "sources.spotify.schema_contract": "freeze",
    "sources.spotify.schema.naming": "sql_cs_v1",
    "sources.schema.naming": "sql_ci_v1",
    "sources.data_writer.file_max_items": "2",
    "sources.max_table_nesting": "0",
    "write_disposition": "replace",
    "restore_from_destination": "false",
    "use_single_dataset": "false",
    "enable_runtime_trace": "false",
    "dev_mode": "true",
    "refresh": "drop_sources",
    "dataset_name": "elsewhere",
    "dataset_name_layout": "prefix_%s",
    "pipelines_dir": "elsewhere",
    "import_schema_path": "schemas_in",
    "export_schema_path": "schemas_out",
    "staging_type": "filesystem",
    "staging_name": "filesystem",
    "destination_type": "dummy",
    "destination_name": "production",
    "pipelines.dev_mode": "true",
    "pipelines.refresh": "drop_data",
    "pipelines.pipelines_dir": "elsewhere",
    "pipelines.restore_from_destination": "false",
    "progress": "log",
    "pipeline_name": "other",
    "runtime.log_level": "ERROR",
    "runtime.request_max_attempts": "1",
}
"""Settings of dlt's, each with a value that would change what is stored, or how."""


@contextmanager
def in_environment(chosen: dict[str, str]) -> Iterator[None]:
    """Settings as environment variables."""
    with patch.dict(os.environ, {name.replace(".", "__").upper(): value for name, value in chosen.items()}):
        yield


@contextmanager
def in_file(chosen: dict[str, str]) -> Iterator[None]:
    """Settings in the file that dlt reads in the current folder."""
    file = Path(".dlt/config.toml")
    file.parent.mkdir(exist_ok=True)
    lines = [f"{name} = '{value}'" for name, value in chosen.items() if name != "destination.duckdb.credentials"]
    file.write_text("\n".join(sorted(lines, key=lambda line: line.count("."))), encoding="utf-8")
    context = Container()[PluggableRunContext]
    context.reload_providers()
    assert str(dlt.config.get("schema.naming")) == chosen["schema.naming"]
    try:
        yield
    finally:
        file.unlink()
        context.reload_providers()


OWN_PROGRAM = """
import json
from unittest.mock import patch

import dlt
from dlt.common.configuration import resolve_configuration
from dlt.common.configuration.container import Container
from dlt.common.configuration.specs import PluggableRunContext, RuntimeConfiguration
from dlt.common.runtime.telemetry import start_telemetry, stop_telemetry
from dlt.common.utils import digest128

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify import spotify_playlists
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import CHECKOUT, clean_environment, settings


def values():
    providers = Container()[PluggableRunContext].providers.providers
    tables = [str(getattr(provider, "_config_toml", None)) for provider in providers]
    return tables, dict(resolve_configuration(RuntimeConfiguration()))


def own():
    dlt.pipeline("own", destination="duckdb").run([{"a": 1}], table_name="numbers")


before = values()
# What dlt sends with is there from then on.
start_telemetry(resolve_configuration(RuntimeConfiguration()))
with patch("dlt.common.runtime.anon_tracker.requests.post") as post:
    with Sandbox(generate(seed=3, playlists=1, items=5)) as api:
        spotify_playlists(**settings(api))
        made = values()
        own()
        sync(lake=Lake(path="lake.duckdb"), **settings(api))
        own()
    after = values()
    stop_telemetry()
told = {call.kwargs["json"]["properties"].get("pipeline_name_hash") for call in post.call_args_list}
print(json.dumps([before == made, before == after, after[1]["dlthub_telemetry"], told == {digest128("own")}]))
"""
"""A program with a pipeline of its own, and what is so before and after a sync."""

WAYS = {"environment": in_environment, "file": in_file}


@pytest.mark.long
@pytest.mark.sampled(3)
@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
@pytest.mark.parametrize("state", ["fresh", "existing"])
@pytest.mark.parametrize("way", WAYS)
def test_settings_of_other_pipelines_change_nothing(way: str, state: str, destination: str, tmp_path: Path) -> None:
    """With all of them a lake is the same, table by table and file by file, as its twin without."""
    lake, twin = (Lake(destination, str(tmp_path / name)) for name in ("lake", "twin"))
    world = generate(seed=3, playlists=3, items=40)
    with Sandbox(world) as api:
        for seed in range(2):
            sync(lake=twin, **settings(api))
            if state == "existing" and seed == 0:
                sync(lake=lake, **settings(api))
            else:
                with WAYS[way](SETTINGS):
                    sync(lake=lake, **settings(api))
            evolve(world, Random(seed), 5)

    assert contents(lake) == contents(twin)
    if destination == "parquet":
        assert names(tmp_path / "lake") == names(tmp_path / "twin")
    assert not Path("elsewhere").exists()
    assert not Path("schemas_out").exists()


def names(folder: Path) -> list[str]:
    """Each folder of a lake, once for each of its files."""
    return sorted(str(file.parent.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


@pytest.mark.parametrize("name", [name for name in SETTINGS if not name.startswith("runtime")])
def test_a_setting_does_not_reach_our_pipelines(name: str, tmp_path: Path) -> None:
    """Whatever dlt asks for on behalf of a lake it does not find; on behalf of another pipeline it does."""
    *sections, key = name.split(".")
    with in_environment({name: SETTINGS[name]}):
        lake = Lake("duckdb", str(tmp_path / "lake"))
        providers = Container()[PluggableRunContext].providers.providers
        asked: Any = (key, str, None, *sections)
        with lake.settings():
            assert SETTINGS[name] not in [provider.get_value(*asked)[0] for provider in providers]
        assert SETTINGS[name] in [provider.get_value(*asked)[0] for provider in providers]


def test_a_sync_leaves_other_pipelines_as_they_were(tmp_path: Path) -> None:
    """In the process that has run a sync, dlt's settings are those of before: for another pipeline nothing changed."""
    with Sandbox(generate(seed=3, playlists=1, items=5)) as api:
        sync(lake=Lake("duckdb", str(tmp_path / "lake")), **settings(api))
    for name in ("load.workers", "load.delete_completed_jobs", "normalize.parquet_normalizer.add_dlt_load_id"):
        assert name not in dlt.config

    place = tmp_path / "other"
    with in_environment({"destination.filesystem.layout": "{table_name}-{load_id}.{file_id}.{ext}"}):
        pipeline = dlt.pipeline("other", destination=dlt.destinations.filesystem(str(place)), dataset_name="own")
        pipeline.run([{"a": 1}], table_name="numbers")
    assert len(list(place.glob("own/numbers-*"))) == 1


@pytest.mark.long
def test_a_program_keeps_its_settings(tmp_path: Path) -> None:
    """A source or a sync changes none of dlt's values; dlt's makers are told of the program's own pipelines alone."""
    # A file for the whole machine may have turned it off.
    telemetry = {"RUNTIME__DLTHUB_TELEMETRY": "true"}
    environment = clean_environment(tmp_path) | {"PYTHONPATH": str(CHECKOUT)} | telemetry
    ended = subprocess.run(
        [sys.executable, "-c", OWN_PROGRAM], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (0, "[true, true, true, true]\n"), ended.stderr


def test_a_bucket_is_reached_with_the_users_settings(tmp_path: Path) -> None:
    """How to connect is for the user to say."""
    lake = Lake("parquet", str(tmp_path / "lake"))
    name = "DESTINATION__FILESYSTEM__CREDENTIALS__ENDPOINT_URL"
    with patch.dict(os.environ, {name: "http://127.0.0.1:1"}), lake.settings():
        values = [
            provider.get_value("endpoint_url", str, None, "destination", "filesystem", "credentials")[0]
            for provider in Container()[PluggableRunContext].providers.providers
        ]
    assert "http://127.0.0.1:1" in values


def test_all_tables_are_of_complete_loads(tmp_path: Path) -> None:
    """Each row names its load, although no setting asks dlt for it."""
    lake = Lake("duckdb", str(tmp_path / "lake"))
    with Sandbox(generate(seed=3, playlists=2, items=20)) as api:
        sync(lake=lake, **settings(api))
    with lake.open() as connection:
        for table in TABLES:
            sql = f"SELECT count(*) FROM {table.name} WHERE _dlt_load_id NOT IN (SELECT load_id FROM _dlt_loads)"
            assert connection.execute(sql).fetchall() == [(0,)]
