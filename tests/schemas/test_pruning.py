"""What a question of one playlist, or of a span of time, takes out of the tables: counted in DuckDB's own profile."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import duckdb
import pyarrow as pa
import pytest

from pipelines.destinations.lake import Lake
from pipelines.destinations.parquet import compaction
from pipelines.destinations.parquet.maintenance import compact
from schemas import FUNCTIONS, function_sql, view_sql
from tests.schemas.lake_folder import LakeFolder
from tests.schemas.test_views import as_json, database

START = datetime(2026, 1, 1, tzinfo=UTC)
PLAYLISTS, DAYS, KEPT, NEW = 24, 10, 10, 2
SINCE, UNTIL = START + timedelta(days=6, hours=-1), START + timedelta(days=8, hours=-1)
ONE = "p07"
ROWS_PER_GROUP = 20
"""Of files in these tests, which are small."""

VIEWS = ("playlist_items", "playlist_item_history", "playlist_changes", "items", "item_history", "item_changes")


@dataclass(frozen=True, slots=True)
class Scans:
    """How many rows each scan of a table gave, and how many keys came out of lists."""

    snapshots: list[int]
    additions: list[int]
    listed: list[int]


def loads() -> Iterator[dict[str, list[dict[str, Any]]]]:
    """The rows of a load a day: on the first all playlists are there, later each has changed every second day."""
    random = Random(1)
    lists: dict[str, list[int]] = {f"p{number:02}": [] for number in range(PLAYLISTS)}
    for day in range(DAYS):
        at = START + timedelta(days=day)
        snapshots, additions = [], []
        for number, (playlist_id, keys) in enumerate(lists.items()):
            if day and (day + number) % 2:
                continue
            new = [random.randrange(2**60) for _ in range(NEW if day else KEPT + NEW)]
            keys[:] = [*random.sample(keys, KEPT if day else 0), *new]
            common = {"playlist_id": playlist_id, "item_type": "track", "first_observed_at": at, "is_local": False}
            additions += [common | {"item_key": key, "item_uri": f"spotify:track:{key}"} for key in new]
            state = {"snapshot_id": str(day), "observed_at": at, "item_count": len(keys)}
            state |= {"item_keys": [*keys], "moved_keys": keys[:1]}
            snapshots.append({"playlist_id": playlist_id, **state})
        yield {"playlist_snapshots": snapshots, "playlist_additions": additions}


def states(playlist_id: str | None = None) -> list[datetime]:
    """The times of the states of a playlist, or of all."""
    rows = [row for load in loads() for row in load["playlist_snapshots"]]
    return [row["observed_at"] for row in rows if playlist_id in (None, row["playlist_id"])]


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """The loads as files, merged."""
    return merged_lake(tmp_path_factory.mktemp("merged") / "lake")


def merged_lake(folder: Path) -> Lake:
    """A new lake of the loads, merged into files with small groups of rows."""
    files = LakeFolder(folder / "spotify")
    for day, rows in enumerate(loads()):
        files.load(f"{1_700_000_000 + day}.5", rows)
    lake = Lake("parquet", str(folder))
    with patch.object(compaction, "ROWS_PER_GROUP", ROWS_PER_GROUP):
        compact(lake)
    return lake


@pytest.fixture(params=["files", "tables"])
def opened(request: pytest.FixtureRequest, merged: Lake) -> Iterator[duckdb.DuckDBPyConnection]:
    """The loads as merged files, and as tables of DuckDB."""
    with merged.open() if request.param == "files" else tables() as connection:
        yield connection


@contextmanager
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    """The loads in tables as dlt makes them."""
    with database() as connection:
        connection.execute("INSERT INTO _dlt_loads (load_id, status) VALUES ('1', 0)")
        for load in loads():
            for table, rows in load.items():
                stored = [{name: as_json(value) for name, value in row.items()} | {"_dlt_load_id": "1"} for row in rows]
                connection.register("inserted", pa.Table.from_pylist(stored))
                connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM inserted")
        for name in FUNCTIONS:
            connection.execute(function_sql(name))
        yield connection


def scans(connection: duckdb.DuckDBPyConnection, query: str) -> Scans:
    """What a query took out of the tables."""
    connection.execute("SET TimeZone = 'UTC'")
    ((_, profile),) = connection.execute(f"EXPLAIN (ANALYZE, FORMAT json) {query}").fetchall()
    found = Scans([], [], [])
    for step in _steps(json.loads(profile)):
        rows = step["operator_cardinality"]
        if step["operator_type"] == "TABLE_SCAN":
            about = json.dumps(step["extra_info"])
            if "playlist_snapshots" in about:
                found.snapshots.append(rows)
            elif "playlist_additions" in about:
                found.additions.append(rows)
        elif step["operator_type"] == "UNNEST":
            found.listed.append(rows)
    assert found.snapshots
    return found


def _steps(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for child in step["children"]:
        yield child
        yield from _steps(child)


@pytest.mark.parametrize("view", VIEWS)
def test_a_question_of_one_playlist_takes_the_rows_of_that_playlist(
    opened: duckdb.DuckDBPyConnection, view: str
) -> None:
    """Its condition reaches each scan of states and of additions: none gives a row of another playlist."""
    own = len(states(ONE))
    additions = KEPT + NEW + NEW * (own - 1)
    found = scans(opened, f"SELECT * FROM {view} WHERE playlist_id = '{ONE}'")
    assert max(found.snapshots) == own
    assert max(found.additions) == additions


@pytest.mark.parametrize("view", VIEWS)
def test_a_question_of_a_range_of_playlists_takes_their_rows(merged: Lake, view: str) -> None:
    """A view too large for one query can be asked for in slices, which together have its rows."""
    own = len(states("p07")) + len(states("p08"))
    additions = sum(KEPT + NEW + NEW * (len(states(playlist)) - 1) for playlist in ("p07", "p08"))
    parts = [
        f"SELECT * FROM {view} WHERE playlist_id {part}" for part in ("< 'p07'", "BETWEEN 'p07' AND 'p1'", "> 'p1'")
    ]
    sliced = " UNION ALL ".join(f"({part})" for part in parts)
    with merged.open() as connection:
        found = scans(connection, f"SELECT * FROM {view} WHERE playlist_id >= 'p07' AND playlist_id < 'p09'")
        assert (max(found.snapshots), max(found.additions)) == (own, additions)
        for one, other in ((sliced, f"FROM {view}"), (f"FROM {view}", sliced)):
            assert connection.execute(f"({one}) EXCEPT ALL ({other})").fetchall() == []


def test_changes_of_a_span_compare_the_states_of_that_span(opened: duckdb.DuckDBPyConnection) -> None:
    """No list is unfolded but those of the span and of the last state before it, of playlists that changed in it."""
    inside = sum(SINCE <= at < UNTIL for at in states())
    # Each playlist changes every second day, so each has a state in these two days, and one before.
    bounded = inside + PLAYLISTS
    whole = scans(opened, "SELECT * FROM playlist_changes")
    found = scans(opened, f"SELECT * FROM playlist_changes_between('{SINCE}', '{UNTIL}')")
    assert max(whole.listed) == len(states()) * (KEPT + NEW)
    assert max(found.listed) == bounded * (KEPT + NEW)


def test_changes_of_a_span_leave_out_playlists_that_did_not_change(opened: duckdb.DuckDBPyConnection) -> None:
    """Of a span of one day, neither the lists nor the additions of the playlists that were as before are read."""
    found = scans(opened, f"SELECT * FROM item_changes_between('{SINCE}', '{SINCE + timedelta(days=1)}')")
    changed = sum(SINCE <= at < SINCE + timedelta(days=1) for at in states())
    assert 0 < changed < PLAYLISTS
    assert max(found.listed) == 2 * changed * (KEPT + NEW)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("function", ["playlist_changes_between", "item_changes_between"])
def test_changes_of_a_span_are_those_of_the_view(opened: duckdb.DuckDBPyConnection, function: str) -> None:
    """Of any span, also one without a state or before the first, the rows are those that the whole view has in it."""
    opened.execute("SET TimeZone = 'UTC'")
    days = [START + timedelta(days=days, hours=hours) for days in range(-1, DAYS + 1, 3) for hours in (0, 5)]
    for since in days:
        for until in days:
            span = f"{function}('{since}', '{until}')"
            view = f"{FUNCTIONS[function]} WHERE observed_at >= '{since}' AND observed_at < '{until}'"
            for one, other in ((span, view), (view, span)):
                assert opened.execute(f"FROM {one} EXCEPT ALL FROM {other}").fetchall() == []


def test_a_merged_file_has_a_playlist_in_few_groups_of_rows(merged: Lake) -> None:
    """Rows are sorted by playlist, so the statistics of the file let a reader pass over nearly all groups of rows."""
    for table in ("playlist_snapshots", "playlist_additions"):
        (file,) = (Path(merged.location) / "spotify" / table).glob("*.parquet")
        with duckdb.connect() as connection:
            groups = connection.execute(
                "SELECT stats_min_value <= ? AND stats_max_value >= ? FROM parquet_metadata(?) "
                "WHERE path_in_schema = 'playlist_id'",
                [ONE, ONE, str(file)],
            ).fetchall()
        assert len(groups) > 5
        assert sum(may_have for (may_have,) in groups) <= 3


def test_long_lists_lie_in_small_groups_of_rows(tmp_path: Path) -> None:
    """Who reads the states of one playlist unpacks few lists of others; rows without lists fill their groups."""
    files = LakeFolder(tmp_path / "lake" / "spotify")
    common = {"snapshot_id": "s", "observed_at": START, "item_count": 50_000, "moved_keys": []}
    states = [common | {"playlist_id": f"p{number:02}", "item_keys": [*range(50_000)]} for number in range(100)]
    added = {"item_key": 1, "item_uri": "spotify:track:1", "first_observed_at": START, "is_local": False}
    additions = [added | {"playlist_id": f"p{number}"} for number in range(1_000)]
    for load in ("1700000000.5", "1700000001.5"):
        files.load(load, {"playlist_snapshots": states[:50], "playlist_additions": additions})
    compact(Lake("parquet", str(tmp_path / "lake")))
    groups = {}
    for table in ("playlist_snapshots", "playlist_additions"):
        (file,) = (tmp_path / "lake" / "spotify" / table).glob("*.compact.parquet")
        with duckdb.connect() as connection:
            groups[table] = connection.execute(
                "SELECT row_group_num_rows FROM parquet_metadata(?) WHERE path_in_schema = 'playlist_id'", [str(file)]
            ).fetchall()
    assert sum(rows for (rows,) in groups["playlist_snapshots"]) == 100
    assert 30 < max(rows for (rows,) in groups["playlist_snapshots"]) <= compaction.LISTS_PER_GROUP / (8 * 50_000)
    assert groups["playlist_additions"] == [(2_000,)]


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "spark"])
def test_both_forms_of_the_changes_are_one(dialect: Any) -> None:
    """Which states are compared is all that differs between the view and the function of a span."""
    whole, span = (
        view_sql(name, dialect).partition("\nstates AS (")[2]
        for name in ("playlist_changes", "playlist_changes_between")
    )
    bound = re.compile(r"\n {4,8}(AND|WHERE) playlist_id IN \(SELECT playlist_id FROM firsts\)")
    assert whole
    assert bound.sub("", span) == whole
