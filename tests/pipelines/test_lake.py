"""What a sync leaves can be read by any DuckDB, without playlake."""

from pathlib import Path

import duckdb
import pytest

from pipelines.lake import Lake
from pipelines.sync import sync
from pipelines.views import FILE
from schemas import TABLES, VIEWS
from sources.errors import PlaylakeError
from sources.spotify_sandbox import Sandbox, World, generate
from tests.pipelines.driving import settings

NAMES = {*VIEWS, *(table.name for table in TABLES)}


@pytest.fixture
def world() -> World:
    """A few playlists."""
    return generate(seed=3, playlists=8, items=200)


def counted(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    """Rows in a table or view."""
    (count,) = connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0]
    return int(count)


@pytest.mark.parametrize("dataset", ["spotify", "My Music"])
def test_a_database_opened_afresh(dataset: str, world: World, tmp_path: Path) -> None:
    """All tables and views are in the schema that was named, and can be read from any current schema."""
    path = tmp_path / "a.duckdb"
    with Sandbox(world) as api:
        sync(lake=Lake("duckdb", str(path), dataset), **settings(api))

    with duckdb.connect(str(path), read_only=True) as connection:
        rows = connection.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = ? AND NOT starts_with(table_name, '_dlt')",
            [dataset],
        ).fetchall()
        assert {row[0] for row in rows} == NAMES
        for name in NAMES:
            counted(connection, f'"{dataset}".{name}')
        assert counted(connection, f'"{dataset}".playlist_items') == sum(map(len, world.listed()))


@pytest.mark.parametrize("dataset", ["spotify", "music"])
def test_views_beside_the_files(dataset: str, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`views.sql` gives a bare DuckDB the same tables and views, wherever it is started."""
    folder = tmp_path / "it's a lake"
    with Sandbox(world) as api:
        sync(lake=Lake("parquet", str(folder), dataset), **settings(api))
    monkeypatch.chdir("/")

    with duckdb.connect() as connection:
        connection.execute((folder / dataset / FILE).read_text(encoding="utf-8"))
        rows = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        assert {row[0] for row in rows} - {"_dlt_loads"} == NAMES
        for name in NAMES:
            counted(connection, name)
        assert counted(connection, "playlist_items") == sum(map(len, world.listed()))


def test_files_of_a_load_that_did_not_complete_do_not_count(world: World, tmp_path: Path) -> None:
    """What a crashed load left in the folder is in no table and no view."""
    lake = Lake("parquet", str(tmp_path / "lake"))
    with Sandbox(world) as api:
        sync(lake=lake, **settings(api))
    with lake.open() as connection:
        before = {name: counted(connection, name) for name in NAMES}
    (snapshots,) = (tmp_path / "lake" / "spotify" / "playlist_snapshots").glob("*.parquet")
    with duckdb.connect() as connection:
        orphan = snapshots.with_name("9999999999.9999.orphan.parquet")
        connection.execute(
            f"COPY (SELECT * REPLACE ('9999999999.9999' AS _dlt_load_id, "
            f"now() AS observed_at, [] AS item_keys) FROM '{snapshots}') TO '{orphan}'"
        )

    with lake.open() as connection:
        assert {name: counted(connection, name) for name in NAMES} == before


@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
def test_a_first_sync_that_fails_leaves_nothing(destination: str, world: World, tmp_path: Path) -> None:
    """A sync that could not begin leaves no empty file or folder; one that finds a file keeps it."""
    path = tmp_path / "new" / "lake"
    with Sandbox(world) as api:
        wrong = settings(api) | {"credentials": {"client_id": "nobody", "client_secret": "x", "refresh_token": "x"}}
        with pytest.raises(PlaylakeError):
            sync(lake=Lake(destination, str(path)), **wrong)
        assert not path.exists()
        sync(lake=Lake(destination, str(path)), **settings(api))
        with pytest.raises(PlaylakeError):
            sync(lake=Lake(destination, str(path)), **wrong)
    with Lake(destination, str(path)).open() as connection:
        assert counted(connection, "runs") == 2
