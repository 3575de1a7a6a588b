"""Syncs leave in every destination what the API has, and nothing twice."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import dlt
import duckdb
import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from schemas import TABLES, VIEWS, view_sql
from sources.errors import ConfigurationError, PlaylakeError
from sources.spotify import spotify_playlists
from sources.spotify.resources.registry import selected
from sources.spotify_sandbox import Playlist, Sandbox, World, evolve, generate, load
from tests.pipelines.driving import playlake, settings
from tests.pipelines.model import Model
from tests.pipelines.tables import Rows, contents, select

DESTINATIONS = ("duckdb", "parquet")

ADDITION = ("item_uri", "added_at")
STAY = ("listed_from", "listed_until", "first_position", "last_position")
CHANGE = ("observed_at", "change", "item_uri", "from_position", "to_position")


def small_world() -> World:
    """Eight playlists with everything odd that playlists hold; one is Spotify's."""
    return generate(seed=3, playlists=8, items=400)


def lakes(folder: Path) -> list[Lake]:
    """One of each."""
    return [Lake(destination, str(folder / f"{destination}.lake")) for destination in DESTINATIONS]


@pytest.mark.long
def test_a_second_sync_writes_no_addition_and_asks_for_no_items(tmp_path: Path) -> None:
    """Nothing changed, so the list of playlists is all that is asked for, and only the run itself is written."""
    with Sandbox(small_world(), regime="development") as api:
        for lake in lakes(tmp_path):
            sync(lake=lake, **settings(api))
            before = contents(lake)
            api.requests.clear()
            report = sync(lake=lake, **settings(api))

            assert (report.run.unchanged, report.run.read, report.run.new_items) == (8, 0, 0)
            assert [request.path for request in api.requests] == ["/api/token", "/v1/me/playlists"]
            after = contents(lake)
            assert len(after["runs"]) == len(before["runs"]) + 1
            for name in after.keys() - {"runs", "playlists"}:
                assert after[name] == before[name], name


def test_a_wrong_name_of_a_setting(tmp_path: Path) -> None:
    """A slip in an argument is an error in the configuration before anything is made, and the report says so."""
    lake, told = tmp_path / "lake", tmp_path / "report.json"
    given: dict[str, Any] = {"marekt": "DE"}
    with pytest.raises(ConfigurationError, match="sync has no setting marekt: did you mean market") as refused:
        sync(lake=Lake("duckdb", str(lake)), report_to=told, **given)
    assert refused.value.exit_code == json.loads(told.read_text())["run"]["exit_code"] == 2
    assert not lake.exists()


def test_no_thread_is_left(tmp_path: Path) -> None:
    """A sync ends the threads that it read with, also where it fails, so that a process may run many."""
    before = set(threading.enumerate())
    with Sandbox(small_world()) as api:
        server = set(threading.enumerate()) - before
        sync(lake=Lake("duckdb", str(tmp_path / "lake")), **settings(api))
        with (
            patch("sources.spotify.resources.playlists.contents.facts", side_effect=RuntimeError),
            pytest.raises(PlaylakeError),
        ):
            sync(lake=Lake("duckdb", str(tmp_path / "other")), **settings(api))
        left = [thread for thread in set(threading.enumerate()) - before - server if thread.name.startswith("reader")]
        for thread in left:
            thread.join(timeout=30)
        assert not any(thread.is_alive() for thread in left)


def test_a_playlist_that_did_not_change_looks_the_same(tmp_path: Path) -> None:
    """Being seen again in the list changes nothing in a playlist's row but the time when it was last seen."""
    lake = Lake("duckdb", str(tmp_path / "lake.duckdb"))
    with Sandbox(generate(seed=3, playlists=3, items=40), regime="development") as api:
        sync(lake=lake, **settings(api))
        before = contents(lake)["playlists"]
        sync(lake=lake, **settings(api))
        assert [row | {"last_seen_at": 0} for row in contents(lake)["playlists"]] == before


@pytest.mark.long
def test_both_destinations_hold_the_same(tmp_path: Path) -> None:
    """After the same syncs every table and every view is equal on DuckDB and on Parquet, row by row."""
    world, (database, folder) = small_world(), lakes(tmp_path)
    with Sandbox(world) as api:
        for seed in range(3):
            for lake in (database, folder):
                assert sync(lake=lake, covers=True, resources="account", **settings(api)).exit_code == 0
            evolve(world, Random(seed), 15)
            [(track_id, _), *_] = world.library.listed("track")
            world.library.remove("track", track_id)

    found, expected = contents(folder), contents(database)
    assert {*VIEWS, *(table.name for table in TABLES)} == expected.keys()
    read = {name for resource in selected(["account"]).resources for name in resource.tables}
    # What is found in objects comes with them, but for what only the catalogue's own answers hold.
    assert {name for name, rows in expected.items() if not rows} & read <= {
        "unknown_items",
        "playlist_addition_authors",
    }
    for name, rows in expected.items():
        assert found[name] == rows, name


def counted(rows: Rows, *columns: str) -> Counter[tuple[Any, ...]]:
    """How often each combination of values occurs."""
    return Counter(tuple(row[column] for column in columns) for row in rows)


def edited(world: World) -> Iterator[str]:
    """Edits a world between one sync and the next: first each sort of change alone, then all of them at random."""
    long, short, third = sorted(world.listed(), key=len, reverse=True)[:3]
    yield "nothing yet"
    long.insert(5, [None, *(entry.uri for entry in short.entries[:7])])
    yield "additions"
    removed = short.remove([0, 3, 4, len(short) - 1])
    long.remove(range(90, 110))
    yield "removals"
    long.move(0, len(long) - 1, 4)
    short.move(len(short) - 1, 0)
    yield "moves"
    long.rename("Another name")
    third.describe("Other words")
    yield "renames"
    long.clear()
    third.insert(0, [third.entries[0].uri] * 3)
    yield "an emptied playlist"
    short.put_back(2, removed)
    world.create_playlist("New and empty")
    yield "a restored one"
    for seed in range(2):
        evolve(world, Random(seed), 40)
        yield "anything"


@pytest.mark.long
@pytest.mark.parametrize("destination", DESTINATIONS)
def test_views_follow_a_changing_world(destination: str, tmp_path: Path) -> None:
    """Additions, removals, moves, renames, an emptied and a restored playlist show as a model of them says."""
    world, model, lake = small_world(), Model(), Lake(destination, str(tmp_path / "lake"))
    with Sandbox(world) as api:
        for edit in edited(world):
            counts = model.observe(world)
            report = sync(lake=lake, **settings(api))
            assert (report.run.new_items, report.run.removed_items) == counts, edit

    found = contents(lake)
    assert model.items() == counted(found["playlist_items"], "playlist_id", "position", *ADDITION)
    assert model.stays() == counted(found["playlist_item_history"], "playlist_id", *ADDITION, *STAY)
    moves = [row for row in found["playlist_changes"] if row["change"] == "moved"]
    others = [row for row in found["playlist_changes"] if row["change"] != "moved"]
    assert model.comings() == counted(others, "playlist_id", *CHANGE)
    assert model.check_moves(moves) > 5
    names = {row["playlist_id"]: row["name"] for row in found["playlists"]}
    assert {playlist.id: playlist.name for playlist in world.listed()}.items() <= names.items()


@pytest.mark.long
def test_all_regimes_give_the_same_items(tmp_path: Path) -> None:
    """An app sees the same items under the old names, the new ones and both, where it may read them."""
    world = small_world()

    def own(playlist: Playlist) -> bool:
        return playlist.is_readable

    expected = Model()
    expected.observe(world, own)
    ids = ", ".join(f"'{playlist.id}'" for playlist in world.listed() if own(playlist))
    tables = []
    for regime in ("extended", "transition", "development"):
        lake = Lake("duckdb", str(tmp_path / f"{regime}.duckdb"))
        with Sandbox(world, regime=regime) as api:
            sync(lake=lake, **settings(api))
        tables.append(select(lake, f"FROM playlist_items WHERE playlist_id IN ({ids}) ORDER BY ALL"))

    assert Counter((row[0], row[1], row[5], row[3]) for row in tables[0]) == expected.items()
    assert tables[1] == tables[0]
    assert tables[2] == tables[0]


@pytest.mark.long
def test_contents_withheld_are_not_an_empty_playlist(tmp_path: Path) -> None:
    """A playlist that the app may not read says metadata_only and keeps what was known; an empty one is empty."""
    world = small_world()
    (hidden,) = (playlist for playlist in world.listed() if not playlist.is_readable)
    (empty,) = (playlist for playlist in world.listed() if not len(playlist))
    sql = f"SELECT playlist_id, access FROM playlists WHERE playlist_id IN ('{hidden.id}', '{empty.id}')"
    for lake in lakes(tmp_path):
        with Sandbox(world, regime="development") as api:
            report = sync(lake=lake, **settings(api))
            assert report.exit_code == 0
            assert dict(select(lake, sql)) == {hidden.id: "metadata_only", empty.id: "readable"}
            snapshots = dict(select(lake, "SELECT playlist_id, item_count FROM playlist_snapshots"))
            assert hidden.id not in snapshots
            assert snapshots[empty.id] == 0

            api.regime = "extended"
            sync(lake=lake, full=True, **settings(api))
            count = f"SELECT count(*) FROM playlist_items WHERE playlist_id = '{hidden.id}'"
            assert select(lake, count) == [(len(hidden),)]

            api.regime = "development"
            sync(lake=lake, full=True, **settings(api))
            assert dict(select(lake, sql)) == {hidden.id: "metadata_only", empty.id: "readable"}
            assert select(lake, count) == [(len(hidden),)]


@pytest.mark.long
def test_the_87_playlists_of_the_shared_history(shared: Path, tmp_path: Path) -> None:
    """Real playlists come out complete and in order on both destinations, as the observations themselves say."""
    history = shared / "data" / "playlist_history"
    with duckdb.connect() as connection:
        expected = connection.execute(
            """
            SELECT playlist_id, list('spotify:track:' || track_id ORDER BY position)
            FROM read_parquet($1)
            WHERE (playlist_id, day) IN (SELECT (playlist_id, max(day)) FROM read_parquet($1) GROUP BY playlist_id)
            GROUP BY playlist_id ORDER BY playlist_id
            """,
            [str(history / "entries.parquet")],
        ).fetchall()
    assert len(expected) == 87

    items = "SELECT playlist_id, list(item_uri ORDER BY position) FROM playlist_items GROUP BY ALL ORDER BY ALL"
    with Sandbox(load(history)) as api:
        for lake in lakes(tmp_path):
            report = sync(lake=lake, **settings(api))
            assert (report.exit_code, report.run.read) == (0, 87)
            assert report.run.new_items == sum(len(uris) for _, uris in expected)
            assert select(lake, items) == expected


@pytest.mark.long
def test_a_dlt_pipeline_does_the_same_as_the_command(tmp_path: Path) -> None:
    """The source in a pipeline of one's own fills the same tables with the same rows, first and later."""
    path, world = str(tmp_path / "own.duckdb"), small_world()
    commanded, own = Lake("duckdb", str(tmp_path / "a.duckdb")), Lake("duckdb", path)
    with Sandbox(world, regime="development") as api:
        for seed in range(2):
            assert playlake("sync", "--path", str(commanded.path), environment=api.environment).code == 0
            pipeline = dlt.pipeline("tutorial", destination=dlt.destinations.duckdb(path), dataset_name="spotify")
            info = pipeline.run(spotify_playlists(**settings(api)))
            info.raise_on_failed_jobs()
            evolve(world, Random(seed), 10)

    with duckdb.connect(path) as connection:
        connection.execute("USE spotify")
        for view in VIEWS:
            connection.execute(f"CREATE OR REPLACE VIEW {view} AS {view_sql(view)}")
    assert contents(own) == contents(commanded)
