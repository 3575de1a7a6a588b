"""The DAG, run by Airflow itself in its own environment, as `make airflow` makes it."""

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipelines.destinations.lake import Lake
from pipelines.destinations.parquet.compaction_lock import compaction_lock
from pipelines.sync.service import sync
from sources.spotify_sandbox import Fault, Sandbox, Weather, evolve, generate
from sources.stored.dlt_adapter import folder_of
from tests.pipelines.driving import CHECKOUT, clean_environment, console_script, settings
from tests.pipelines.tables import select

AIRFLOW = os.environ.get("PLAYLAKE_AIRFLOW", "")
DAG_FILES = [CHECKOUT / "pipelines" / name for name in ("airflow_dag.py", "compact_airflow_dag.py")]

pytestmark = [
    pytest.mark.airflow,
    pytest.mark.skipif(not AIRFLOW, reason="PLAYLAKE_AIRFLOW names no airflow command: make airflow sets it"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty database of Airflow's, and the DAGs as the only ones."""
    folder = tmp_path_factory.mktemp("airflow")
    (folder / "dags").mkdir()
    for file in DAG_FILES:
        shutil.copy(file, folder / "dags")
    _airflow(folder, {}, "db", "migrate")
    return folder


def _airflow(home: Path, settings: Mapping[str, str], *arguments: str) -> str:
    """What an Airflow command says, without network, examples and statistics."""
    environment = clean_environment(home) | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "false",
        "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY": "1",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "false",
    }
    done = subprocess.run(
        [AIRFLOW, *arguments],
        cwd=home,
        env=environment | dict(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    # A run of a DAG that fails makes its command fail; its states tell which task did.
    assert done.returncode == 0 or "test" in arguments, done.stdout
    return done.stdout


def _run(home: Path, folder: Path, accounts: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, tuple[str, int]], str]:
    """Runs the DAG for accounts, given as their connections, into one DuckDB file.

    Returns:
        State and number of tries of each task, those of the accounts by the accounts' names; and what was said.
    """
    setting = {
        "command": [console_script()],
        "folder": str(folder),
        "arguments": ["--path", "all.duckdb"],
        "accounts": [{"name": name, "connection": name} for name in accounts],
    }
    connections = {f"AIRFLOW_CONN_{name.upper()}": json.dumps(account) for name, account in accounts.items()}
    said = _airflow(home, connections | {"AIRFLOW_VAR_PLAYLAKE": json.dumps(setting)}, "dags", "test", "playlake")
    return _states(home, list(accounts)), said


def _states(home: Path, names: list[str], lakes: Sequence[str] = ()) -> dict[str, tuple[str, int]]:
    """State and number of tries of each task of the newest run, those of accounts and lakes by their names."""
    with closing(sqlite3.connect(home / "airflow.db")) as database:
        rows = database.execute(
            "SELECT task_id, map_index, state, try_number FROM task_instance "
            "WHERE run_id = (SELECT run_id FROM dag_run ORDER BY id DESC LIMIT 1)"
        ).fetchall()
    mapped = {"sync": names, "compact": lakes}
    return {mapped[task][index] if task in mapped else task: (state, tries) for task, index, state, tries in rows}


def _events(home: Path) -> list[dict[str, Any]]:
    """What the newest run told with the asset `playlake`, for DAGs that wait for it."""
    with closing(sqlite3.connect(home / "airflow.db")) as database:
        rows = database.execute(
            "SELECT asset_event.extra FROM asset_event JOIN asset ON asset.id = asset_id WHERE asset.name = 'playlake' "
            "AND source_run_id = (SELECT run_id FROM dag_run ORDER BY id DESC LIMIT 1)"
        ).fetchall()
    return [json.loads(extra) for (extra,) in rows]


def _account(api: Sandbox, **settings: str) -> dict[str, Any]:
    """An account as Airflow keeps it."""
    extra = {"refresh_token": api.refresh_token, "api_url": api.api_url, "accounts_url": api.accounts_url}
    return {
        "conn_type": "generic",
        "login": api.client_id,
        "password": api.client_secret,
        "extra": extra | settings,
    }


def test_accounts_that_are_refused_are_tried_again_and_the_others_are_done(home: Path, tmp_path: Path) -> None:
    """A rate limit brings an account back when it is over, a broken server uses up a retry, the third needs neither."""
    worlds = [generate(seed=seed, playlists=3, items=40) for seed in (1, 2, 3)]
    limited = Weather([Fault("too_many_requests", path="/v1/me/playlists", retry_after=3, times=1)])
    broken = Weather([Fault("server_error", path="/v1/me/playlists", status=503, times=5)])
    with (
        Sandbox(worlds[0], weather=limited) as one,
        Sandbox(worlds[1], weather=broken) as two,
        Sandbox(worlds[2]) as three,
    ):
        accounts = {"one": _account(one, max_retry_wait="1 s"), "two": _account(two), "three": _account(three)}
        states, said = _run(home, tmp_path, accounts)
        assert (limited.unmet, broken.unmet) == ({}, {}), said
        secrets = {secret for api in (one, two, three) for secret in (api.client_secret, api.refresh_token)}
        assert {secret for secret in secrets if secret in said} == set()
    done, again = ("success", 1), ("success", 2)
    assert states == {"accounts": done, "one": done, "two": again, "three": done, "tables": done, "unread": done}, said
    lake = Lake(path=str(tmp_path / "all.duckdb"))
    read = [playlist for world in worlds for playlist in world.listed()]
    playlists = {(playlist.id, len(playlist)) for playlist in read}
    assert _events(home) == [{"accounts": list(accounts), "new_items": sum(map(len, read)), "removed_items": 0}]
    counted = (
        "SELECT playlist_id, count(item_key) FROM playlists LEFT JOIN playlist_items USING (playlist_id) GROUP BY ALL"
    )
    assert set(select(lake, counted)) == playlists
    # A run that could not begin leaves a row only where there are tables already.
    assert select(lake, "SELECT count(*) FROM runs WHERE outcome = 'done'") == [(3,)]


def test_what_only_a_person_can_fix_fails_at_once_and_long_waits_are_left_to_later_runs(
    home: Path, tmp_path: Path
) -> None:
    """Credentials that have ended fail without a retry, a quota that is used up for hours skips the account."""
    used_up = Weather([Fault("quota_exceeded", path="/v1/me/playlists", times=1)])
    with Sandbox(generate(seed=1, playlists=2, items=10)) as ended, Sandbox(ended.world, weather=used_up) as waiting:
        ended.revoke()
        states, said = _run(home, tmp_path, {"ended": _account(ended), "waiting": _account(waiting)})
    assert used_up.unmet == {}, said
    assert _events(home) == []
    assert states == {
        "accounts": ("success", 1),
        "ended": ("failed", 1),
        "waiting": ("skipped", 1),
        "tables": ("skipped", 1),
        "unread": ("upstream_failed", 0),
    }, said


def test_playlists_that_cannot_be_read_fail_the_last_look_and_not_the_sync(home: Path, tmp_path: Path) -> None:
    """What could be read is there for the tasks that need it, and what could not is seen."""
    world = generate(seed=1, playlists=2, items=10)
    gone = "0" * 22
    with Sandbox(world) as api:
        states, said = _run(home, tmp_path, {"partly": _account(api, playlists=f"{world.listing[0]} {gone}")})
    done = ("success", 1)
    assert states == {"accounts": done, "partly": done, "tables": done, "unread": ("failed", 1)}, said
    assert "partly: 1 of 2 playlists could not be read" in said


def test_accounts_of_a_file_are_tasks_that_share_what_airflow_may_map(home: Path, tmp_path: Path) -> None:
    """The file is read by the command; a batch whose second account is refused fails, and its first one is synced."""
    worlds = {name: generate(seed=seed, playlists=2, items=10) for seed, name in enumerate(("anna", "ben", "carl"))}
    with Sandbox(worlds["anna"]) as anna, Sandbox(worlds["ben"]) as ben, Sandbox(worlds["carl"]) as carl:
        ben.revoke()
        file = tmp_path / "accounts.toml"
        apis = zip(worlds, (anna, ben, carl), strict=True)
        file.write_text(DEFAULTS + "".join(_entry(name, api) for name, api in apis), encoding="utf-8")
        file.chmod(0o600)
        setting = {"command": [console_script()], "folder": str(tmp_path), "accounts": str(file), "batch": 2}
        said = _airflow(home, {"AIRFLOW_VAR_PLAYLAKE": json.dumps(setting)}, "dags", "test", "playlake")
    assert _states(home, ["anna to ben", "carl"]) == {
        "accounts": ("success", 1),
        "anna to ben": ("failed", 1),
        "carl": ("success", 1),
        "tables": ("success", 1),
        "unread": ("upstream_failed", 0),
    }, said
    lake = Lake("parquet", str(tmp_path / "lake"))
    read = [playlist.id for name in ("anna", "carl") for playlist in worlds[name].listed()]
    assert {playlist for (playlist,) in select(lake, "SELECT playlist_id FROM playlists")} == set(read)
    folders = {folder.name for folder in (home / "dlt" / "playlake").iterdir()}
    assert folders >= {"anna to ben", "carl"}
    assert "ben: Spotify no longer accepts the refresh token" in said


def test_lakes_are_compacted_by_a_dag_of_their_own(home: Path, tmp_path: Path) -> None:
    """The Parquet lakes of an accounts file are merged, one that somebody else compacts is left to the next run."""
    lakes = [Lake("parquet", str(tmp_path / name)) for name in ("busy", "lake")]
    world = generate(seed=1, playlists=2, items=10)
    with Sandbox(world) as api:
        for turn in range(2):
            for lake in lakes:
                assert sync(lake=lake, **settings(api)).exit_code == 0
            evolve(world, Random(turn), changes=4)
        file = tmp_path / "accounts.toml"
        others = {"anna": 'path = "busy"', "ben": "", "carl": 'destination = "duckdb"\npath = "carl.duckdb"'}
        file.write_text(DEFAULTS + "".join(f"{_entry(name, api)}{own}\n" for name, own in others.items()))
        file.chmod(0o600)
        setting = {"command": [console_script()], "folder": str(tmp_path), "accounts": str(file)}
        before = _files(lakes), [select(lake, "FROM items ORDER BY ALL") for lake in lakes]
        with lakes[0].settings(), lakes[0].pipeline().destination_client() as client:
            folder = folder_of(client)
            assert folder is not None
            with compaction_lock(folder):
                said = _airflow(home, {"AIRFLOW_VAR_PLAYLAKE": json.dumps(setting)}, "dags", "test", "playlake_compact")
    assert _states(home, [], ["busy", "lake"]) == {
        "lakes": ("success", 1),
        "busy": ("skipped", 1),
        "lake": ("success", 1),
    }, said
    after = _files(lakes), [select(lake, "FROM items ORDER BY ALL") for lake in lakes]
    assert after[1] == before[1]
    assert after[0][0] == before[0][0]
    assert after[0][1] < before[0][1]


def _files(lakes: list[Lake]) -> list[int]:
    """How many Parquet files each has."""
    return [sum(1 for _ in Path(lake.location).rglob("*.parquet")) for lake in lakes]


DEFAULTS = """
[defaults]
destination = "parquet"
path = "lake"
"""


def _entry(name: str, api: Sandbox) -> str:
    """An account of an accounts file."""
    keys = ("client_id", "client_secret", "refresh_token", "api_url", "accounts_url")
    lines = [f"{key} = {json.dumps(getattr(api, key))}" for key in keys]
    return "\n".join(["[[account]]", f'name = "{name}"', *lines, ""])
