"""How popular tracks and artists are is kept over time."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, World, generate
from tests.cookbook import recipes
from tests.pipelines.driving import settings
from tests.pipelines.tables import select

COUNT = "SELECT count(*) FROM popularity_history"
A_DAY_AGO = "UPDATE {}popularity_history SET observed_at = observed_at - INTERVAL '1 day'"


def check_a_move(lake: Lake, world: World, execute: Callable[[str], object]) -> None:
    """Numbers are there as they came; steady syncs and moves on the same day add no row, one of another day does."""
    with Sandbox(world) as api:

        def synced(resources: str = "playlists", *, full: bool = False) -> None:
            assert sync(lake=lake, resources=resources, full=full, **settings(api)).exit_code == 0

        synced("playlists,artists")
        for kind, key, numbers in (
            ("track", "track_id", "popularity, CAST(NULL AS BIGINT)"),
            ("artist", "artist_id", "popularity, followers_total"),
        ):
            told = select(lake, f"SELECT {key}, {numbers} FROM {kind}s WHERE popularity IS NOT NULL ORDER BY 1")
            kept = f"SELECT item_id, popularity, followers_total FROM popularity_history WHERE item_type = '{kind}'"
            assert told
            assert select(lake, f"{kept} ORDER BY 1") == told
        before = select(lake, COUNT)
        [(uri, popularity)] = select(
            lake,
            "SELECT track_uri, popularity FROM tracks JOIN playlist_items ON item_uri = track_uri "
            "WHERE popularity BETWEEN 1 AND 90 ORDER BY 1 LIMIT 1",
        )
        world.set_popularity(uri, popularity + 3)
        synced(full=True)
        assert select(lake, COUNT) == before
        assert select(lake, f"SELECT popularity FROM tracks WHERE track_uri = '{uri}'") == [(popularity + 3,)]
        execute(A_DAY_AGO)
        synced(full=True)
        synced("playlists,artists", full=True)
    [(rows,)] = before
    assert select(lake, COUNT) == [(rows + 1,)]
    moved = select(lake, "SELECT item_type, item_id, field, before, after FROM popularity_changes")
    assert moved == [("track", uri.split(":")[2], "popularity", popularity, popularity + 3)]


def test_a_move_is_a_row_a_day(tmp_path: Path) -> None:
    """In DuckDB, and Postgres has a test of its own: what moved is reported with the numbers before and after."""
    path = tmp_path / "lake.duckdb"

    def execute(statement: str) -> None:
        with duckdb.connect(str(path)) as connection:
            connection.execute(statement.format("spotify."))

    lake = Lake("duckdb", str(path))
    check_a_move(lake, generate(seed=3, playlists=2, items=30), execute)
    [(title, _, before, after, _)] = select(lake, recipes()["Which songs on my playlists have become more popular?"])
    assert (after - before, bool(title)) == (3, True)
    execute(
        "INSERT INTO {0}popularity_history SELECT * REPLACE (observed_at + INTERVAL 1 DAY AS observed_at, "
        "followers_total + 5 AS followers_total) FROM {0}popularity_history WHERE item_type = 'artist'"
    )
    followers = select(lake, recipes()["How have the followers of artists moved over time?"])
    artists = select(lake, "SELECT count(DISTINCT item_id) FROM popularity_history WHERE item_type = 'artist'")
    assert [(len(followers), [row[3] for row in followers])] == [(2 * n, [5] * n + [None] * n) for (n,) in artists]
