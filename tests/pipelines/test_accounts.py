"""Several users, one lake: what one of them may not read another may, and none takes anything from another."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, World, generate
from sources.spotify_sandbox.world.users import User
from tests.pipelines.driving import ended, settings, started
from tests.pipelines.tables import select

CONTENTS = "SELECT playlist_id, list(added_at ORDER BY position) FROM playlist_items GROUP BY playlist_id"
PLACES = {"duckdb": "all.duckdb", "parquet": "all"}


def neighbour(world: World) -> World:
    """The same playlists for somebody else, who has the public ones in the list, and one that is theirs."""
    other = World(world.catalogue, User("somebody#else", "Somebody Else"))
    other.lock, other.users, other.playlists = world.lock, world.users, world.playlists
    other.users.add(other.me)
    other.listing = [playlist.id for playlist in world.listed() if playlist.public is not False]
    other.create_playlist("Theirs").insert(0, [world.catalogue.uri(number) for number in (7, 8)])
    return other


def readable(*worlds: World) -> dict[str, list[datetime | None]]:
    """When the entries were added that one of the users may read."""
    return {
        playlist.id: [datetime.fromisoformat(entry.added_at) if entry.added_at else None for entry in playlist.entries]
        for world in worlds
        for playlist in world.listed()
        if (playlist.owner == world.me.id or playlist.collaborative) and len(playlist)
    }


def contents(lake: Lake) -> dict[str, list[datetime | None]]:
    """The same of a lake."""
    with lake.open() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return dict(connection.execute(CONTENTS).fetchall())


@pytest.mark.long
@pytest.mark.parametrize("destination", PLACES)
def test_one_user_after_the_other(destination: str) -> None:
    """Who may not see a change does not hide it from who may, and says nothing against their access to it."""
    world = generate(seed=1, playlists=8, items=100)
    other, lake = neighbour(world), Lake(destination, PLACES[destination])
    shared = next(playlist for playlist in world.listed() if playlist.public and len(playlist) > 3)
    access = f"SELECT access FROM playlists WHERE playlist_id = '{shared.id}'"
    with Sandbox(world, "development") as mine, Sandbox(other, "development") as theirs:
        for api in (mine, theirs):
            assert sync(lake=lake, **settings(api)).exit_code == 0
        assert contents(lake) == readable(world, other)
        shared.remove([0])
        assert sync(lake=lake, **settings(theirs)).run.read == 0
        assert select(lake, access) == [("readable",)]
        done = sync(lake=lake, **settings(mine)).run
        assert (done.read, done.removed_items) == (1, 1)
        assert contents(lake) == readable(world, other)
        for api in (mine, theirs):
            run = sync(lake=lake, **settings(api)).run
            assert (run.read, run.requests) == (0, 2), "only the token and the list"
    # Where nobody else can, losing access is reported, once.
    shared.transfer("a third person")
    with Sandbox(world, "development") as mine:
        assert [sync(lake=lake, full=True, **settings(mine)).exit_code for _ in range(2)] == [4, 0]
    assert select(lake, access) == [("metadata_only",)]


@pytest.mark.long
def test_both_at_the_same_time_into_parquet(tmp_path: Path) -> None:
    """From two machines, which know nothing of each other: what both have read is there once."""
    world = generate(seed=1, playlists=8, items=100)
    other, met = neighbour(world), Barrier(2)
    worlds = {"one": world, "two": other}
    first = dict.fromkeys(worlds, True)

    def meeting(name: str) -> Callable[[Any], None]:
        """Holds the first playlist back until the other one reads playlists, too."""

        def intercept(request: Any) -> None:
            if first[name] and "/v1/playlists/" in request.url.path:
                first[name] = False
                met.wait(timeout=60)

        return intercept

    where = ("--destination", "parquet", "--path", str(tmp_path / "all"))
    with (
        Sandbox(world, "development", intercept=meeting("one")) as mine,
        Sandbox(other, "development", intercept=meeting("two")) as theirs,
    ):
        processes = []
        for name, api in (("one", mine), ("two", theirs)):
            (tmp_path / name).mkdir()
            processes.append(started("sync", *where, folder=tmp_path / name, environment=api.environment))
        assert [ended(process).code for process in processes] == [0, 0]
    lake = Lake("parquet", str(tmp_path / "all"))
    assert contents(lake) == readable(*worlds.values())
    assert select(lake, "SELECT count(*), count(DISTINCT user_id) FROM runs") == [(2, 2)]
    listed = {playlist.id for each in worlds.values() for playlist in each.listed()}
    assert select(lake, "SELECT count(*), count(DISTINCT playlist_id) FROM playlists") == [(len(listed), len(listed))]
    assert select(lake, "SELECT * FROM playlist_changes") == []


@pytest.mark.long
def test_both_at_the_same_time_into_duckdb(tmp_path: Path) -> None:
    """The second is told to try later, whatever account and folder it has, and then adds what is its own."""
    world = generate(seed=1, playlists=8, items=100)
    other, reading, go_on = neighbour(world), Event(), Event()

    def intercept(request: Any) -> None:
        if "/v1/playlists/" in request.url.path:
            reading.set()
            go_on.wait(timeout=60)

    where = ("--path", str(tmp_path / "all.duckdb"))
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with (
        Sandbox(world, "development", intercept=intercept) as mine,
        Sandbox(other, "development") as theirs,
    ):
        first = started("sync", *where, folder=tmp_path / "one", environment=mine.environment)
        assert reading.wait(timeout=60)
        second = ended(started("sync", *where, folder=tmp_path / "two", environment=theirs.environment))
        assert (second.code, theirs.requests) == (75, []), second.err
        go_on.set()
        assert ended(first).code == 0
        assert ended(started("sync", *where, folder=tmp_path / "two", environment=theirs.environment)).code == 0
    assert contents(Lake(path=str(tmp_path / "all.duckdb"))) == readable(world, other)
