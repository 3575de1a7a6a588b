"""What a sync leaves can be read by any DuckDB, without playlake."""

import re
from pathlib import Path
from random import Random
from typing import Any

import dlt
import duckdb
import pytest
from dlt.common.pipeline import get_dlt_pipelines_dir
from filelock import FileLock, Timeout

from pipelines.destinations.lake import Lake
from pipelines.destinations.parquet.maintenance import compact
from pipelines.sync.service import sync
from schemas import TABLES, VIEWS
from schemas.lake import VIEWS_FILE as FILE
from sources.errors import ConfigurationError, DestinationError, PlaylakeError
from sources.spotify_sandbox import Sandbox, World, evolve, generate
from tests.pipelines.driving import playlake, settings
from tests.pipelines.tables import contents, select

pytestmark = pytest.mark.sampled(3)

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
        assert {row[0] for row in rows} == NAMES | {"_playlake_loads"}
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


@pytest.mark.long
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


RESERVED = ["_staging", "_DLT", "_dlt_loads", "information_schema", "PG_catalog", "pg_temp_1", "temp", "System"]


@pytest.mark.parametrize("dataset", ["spotify_staging", "Spotify_STAGING", *RESERVED])
def test_a_name_that_dlt_or_a_database_keeps_for_itself_is_refused(dataset: str, tmp_path: Path) -> None:
    """What dlt merges through is emptied by the next load of another lake in the file."""
    path = tmp_path / "a.duckdb"
    for destination in ("duckdb", "parquet", "postgres"):
        ended = playlake("sync", "--destination", destination, "--path", str(path), "--dataset", dataset)
        assert ended.code == 2
        assert f"dataset = {dataset!r} is a" in ended.err
    assert not path.exists()


@pytest.mark.parametrize("dataset", ["", " ", "..", "a/b", "a\\b", 'a"b', "a%b", "a;b", "a\nb", "a\0b"])
def test_an_invalid_name_is_refused(dataset: str) -> None:
    """It would lead elsewhere, or end a statement."""
    with pytest.raises(ConfigurationError, match="not a valid name for a schema or folder"):
        Lake(dataset=dataset)


@pytest.mark.parametrize("dataset", ["My Music", "myMusic", "my__music", "MUSIC"])
def test_a_name_that_dlt_would_change_is_refused(dataset: str) -> None:
    """Two names that become one would be one lake with two locks."""
    with pytest.raises(ConfigurationError, match="write it so"):
        Lake("postgres", dataset=dataset)


def test_a_schema_in_other_letters_is_the_same_to_duckdb(world: World, tmp_path: Path) -> None:
    """A sync does not take it for a new one, and writes nothing twice."""
    path = str(tmp_path / "a.duckdb")
    with Sandbox(world) as api:
        sync(lake=Lake("duckdb", path), **settings(api))
        before = contents(Lake("duckdb", path))
        with pytest.raises(ConfigurationError, match="write --dataset spotify"):
            sync(lake=Lake("duckdb", path, "Spotify"), **settings(api))
    assert contents(Lake("duckdb", path)) == before


@pytest.mark.long
@pytest.mark.parametrize("dataset", ["main", "public", "it's {x}"])
def test_names_that_can_be_used(dataset: str, tmp_path: Path) -> None:
    """Schemas that are there already, and unusual ones."""
    lake = Lake("duckdb", str(tmp_path / "a.duckdb"), dataset)
    with Sandbox(generate(seed=3, playlists=1, items=5)) as api:
        sync(lake=lake, **settings(api))
        assert sync(lake=lake, **settings(api)).run.unchanged == 1
    assert len(contents(lake)["playlist_items"]) == 5


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("spotify.duckdb", "called the same"),
        ("what?/a.duckdb", "question mark"),
        ("", "names no file or folder"),
        (":memory:", "not a file or folder"),
        ("md:mine", "not a file or folder"),
        ("~nobody-here/a.duckdb", "there is no such user on this machine"),
        ("file://elsewhere/a.duckdb", "no file of this machine"),
        ("nope://a/b", "the scheme nope:// is not supported"),
    ],
)
def test_a_path_that_cannot_be_one(path: str, says: str, own_folder: Path) -> None:
    """It is refused before anything is made."""
    ended = playlake("sync", "--path", path)
    assert (ended.code, says in ended.err) == (2, True), ended.err
    assert list(own_folder.iterdir()) == []


ODD = "name=anna/user_id=1/removed=true/playlist_id=x/status=1/load_id=1/_dlt_load_id=2/it's"


@pytest.mark.long
@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
def test_data_do_not_depend_on_the_path(destination: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the lake's nor that of dlt's working folder, through syncs, compaction, queries and `views.sql`."""
    odd = tmp_path / ODD
    lake, twin = Lake(destination, str(odd / "lake")), Lake(destination, str(tmp_path / "twin"))
    world = generate(seed=3, playlists=3, items=40)
    with Sandbox(world) as api:
        for seed in range(2):
            for each, folder in ((lake, odd), (twin, tmp_path)):
                monkeypatch.setenv("DLT_DATA_DIR", str(folder / "dlt"))
                sync(lake=each, **settings(api))
            evolve(world, Random(seed), 5)
    expected = contents(twin)
    assert contents(lake) == expected
    if destination == "parquet":
        compact(lake)
        assert contents(lake) == expected
        with duckdb.connect() as connection:
            connection.execute((odd / "lake/spotify" / FILE).read_text(encoding="utf-8"))
            assert counted(connection, "playlist_items") == len(expected["playlist_items"])
            assert connection.execute("SELECT count(*) FROM playlists WHERE name = 'anna'").fetchall() == [(0,)]


@pytest.mark.parametrize("tilde", ["--path=~/music", "--path=~{user}/music", "--path=file://{home}/music"])
@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
def test_home_is_the_same_for_every_command(
    destination: str, tilde: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No shell expands `~` there, and neither do schedulers; what is loaded stays, and all commands find it."""
    home = own_folder / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    if "{user}" in tilde:
        monkeypatch.setattr("os.path.expanduser", lambda text: re.sub("^~({user})?(?=/)", str(home), text))
    place = ("--destination", destination, tilde.replace("{home}", str(home)))
    with Sandbox(generate(seed=3, playlists=1, items=5)) as api:
        for _ in range(2):
            ended = playlake("sync", "--report=~/said.json", "--keep-raw=~/raw", *place, environment=api.environment)
            assert ended.code == 0, ended.err
    assert playlake("query", *place, "SELECT count(*) FROM playlist_items").out.split()[-1] == "5"
    assert playlake("status", *place).code == 0
    assert playlake("report", *place, "--output=~/page.html").code == 0
    assert {path.name for path in home.iterdir()} >= {"music", "said.json", "raw", "page.html"}
    assert [path.name for path in own_folder.iterdir()] == ["home"]


def test_a_folder_named_tilde(own_folder: Path) -> None:
    """Behind `./` it is no home."""
    lake = Lake("duckdb", "./~/a.duckdb")
    assert Path(lake.location) == own_folder / "~/a.duckdb"
    assert Lake("duckdb", lake.path).location == lake.location


@pytest.mark.long
@pytest.mark.parametrize(("is_", "asked"), [("parquet", "duckdb"), ("duckdb", "parquet")])
def test_what_a_path_holds_is_seen(is_: str, asked: str, world: World, tmp_path: Path) -> None:
    """A folder of Parquet files and a DuckDB file are read, and written, as what they are."""
    place = ("--path", str(tmp_path / "lake"))
    with Sandbox(world) as api:
        assert playlake("sync", "--destination", is_, *place, environment=api.environment).code == 0
        assert playlake("sync", "--destination", asked, *place, environment=api.environment).code == 0
    for command in (["query", "SELECT count(*) FROM runs"], ["status"], ["report", "--output", str(tmp_path / "r")]):
        ended = playlake(*command, "--destination", asked, *place)
        assert ended.code == 0, ended.err
    assert select(Lake(asked, str(tmp_path / "lake")), "SELECT count(*) FROM runs") == [(2,)]


def test_a_folder_without_a_lake_is_no_database(tmp_path: Path) -> None:
    """It is said what it is, and how to mean it."""
    ended = playlake("sync", "--path", str(tmp_path))
    assert ended.code in (2, 3)
    with pytest.raises(DestinationError, match="is a folder: name a file in it, or add --destination parquet"):
        Lake("duckdb", str(tmp_path)).check()


def test_a_file_that_holds_something_is_never_removed(tmp_path: Path) -> None:
    """Whatever it is: a view, a macro or a schema is something, too."""
    for number, sql in enumerate(("CREATE VIEW a AS SELECT 1", "CREATE MACRO a() AS 1", "CREATE SCHEMA a")):
        path = tmp_path / f"{number}.duckdb"
        with duckdb.connect(str(path)) as connection:
            connection.execute(sql)
        Lake("duckdb", str(path)).discard_if_empty()
        assert path.exists(), sql


@pytest.mark.long
@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
def test_what_is_left_of_loads_does_not_pile_up(
    destination: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each of five syncs dlt's working folder has as many files as after the others."""
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path / "dlt"))
    lake, world, counts = Lake(destination, str(tmp_path / "lake")), generate(seed=3, playlists=2, items=20), []
    with Sandbox(world) as api:
        for seed in range(5):
            sync(lake=lake, **settings(api))
            evolve(world, Random(seed), 3)
            counts.append(sum(1 for _ in (tmp_path / "dlt").rglob("*")))
    assert len(set(counts)) == 1, counts


@pytest.fixture
def moved(world: World, tmp_path: Path) -> Path:
    """The dataset's folder of a lake that was moved after its last sync, to where names are odd."""
    with Sandbox(world) as api:
        sync(lake=Lake("parquet", str(tmp_path / "before")), **settings(api))
    (tmp_path / "a*b").mkdir()
    return (tmp_path / "before").rename(tmp_path / "a*b" / "it's [now]") / "spotify"


def test_a_moved_lake_is_read_where_duckdb_is_started(
    moved: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In its folder `views.sql` needs nothing else, as `duckdb -init views.sql` has it."""
    monkeypatch.chdir(moved)
    with duckdb.connect() as connection:
        connection.execute(Path(FILE).read_text(encoding="utf-8"))
        assert counted(connection, "playlist_items") == sum(map(len, world.listed()))
        assert {counted(connection, name) >= 0 for name in NAMES} == {True}


def test_a_moved_lake_is_read_where_a_variable_names_it(moved: Path, world: World) -> None:
    """From anywhere, and as often as wanted."""
    with duckdb.connect() as connection:
        connection.execute("SET VARIABLE lake = ?", [f"{moved}/"])
        for _ in range(2):
            connection.execute((moved / FILE).read_text(encoding="utf-8"))
        assert counted(connection, "playlist_items") == sum(map(len, world.listed()))


def test_another_lake_in_the_current_folder_is_not_taken_for_it(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Started in one lake, the `views.sql` of another shows that other; its cursors, too."""
    here, there = (Lake("parquet", str(tmp_path / name)) for name in ("here", "there"))
    with Sandbox(generate(seed=3, playlists=1, items=5)) as api:
        sync(lake=here, **settings(api))
    with Sandbox(world) as api:
        sync(lake=there, **settings(api))
    monkeypatch.chdir(tmp_path / "here/spotify")
    with duckdb.connect() as connection:
        connection.execute((tmp_path / "there/spotify" / FILE).read_text(encoding="utf-8"))
        assert counted(connection.cursor(), "playlist_items") == sum(map(len, world.listed()))


def test_one_process_at_a_time_makes_a_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dlt wipes a folder that has no state yet: while one process makes it, others wait."""
    lake, make, waited = Lake("parquet", str(tmp_path / "lake")), dlt.pipeline, []

    def making(*args: Any, **kwargs: Any) -> dlt.Pipeline:
        with pytest.raises(Timeout):
            FileLock(Path(get_dlt_pipelines_dir()) / f"{lake.pipeline_name}.creating.lock", timeout=0).acquire()
        waited.append(lake.pipeline_name)
        made: dlt.Pipeline = make(*args, **kwargs)
        return made

    monkeypatch.setattr(dlt, "pipeline", making)
    made = lake.pipeline()
    assert waited == [made.pipeline_name]
    assert (Path(made.working_dir) / "state.json").exists()
