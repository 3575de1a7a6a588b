"""Lakes in Postgres, against a real one: the same tables and views as in DuckDB."""

import base64
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import psycopg2
import pytest

from pipelines.destinations.lake import Lake
from pipelines.operations.catalog import catalog_of
from pipelines.operations.query import query
from pipelines.operations.report.findings import find
from pipelines.operations.writing import restore
from pipelines.sync.service import sync
from schemas import VIEWS
from sources.errors import DestinationError
from sources.spotify_sandbox import Sandbox, evolve, generate
from tests.pipelines.answering import Answers
from tests.pipelines.driving import ended, playlake, settings, started
from tests.pipelines.operations.test_clock_repair import clock
from tests.pipelines.postgres_server import postgres, program
from tests.pipelines.tables import contents
from tests.pipelines.test_popularity import check_a_move
from tests.pipelines.test_taken_down import RECORDED_TRACK, TRACK
from tests.pipelines.writing import READING, WRITING

RUN_TIMES = {"observed_at", "listed_from", "listed_until", "shown_from", "shown_until"}

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(program("initdb") is None, reason="there is no Postgres here: apt-get install postgresql"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of a database."""
    with postgres() as url:
        yield url


@pytest.fixture
def database(server: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """An empty dataset of the test's own."""
    monkeypatch.setenv("DESTINATION__POSTGRES__CREDENTIALS", server)
    return Lake("postgres", dataset=request.node.name.removeprefix("test_")[:40])


def test_what_was_known_stays_in_postgres(database: Lake) -> None:
    """A row is compared with the stored one of its own key: nothing that Spotify took down loses what it was."""
    answers, where = Answers(), f'"{database.dataset}"'
    sql = f"""
        SELECT tracks.name, explicit, albums.name, album_type, album_artists.artist_name, tracks.taken_down_at IS NULL
        FROM {where}.tracks JOIN {where}.albums USING (album_id) JOIN {where}.album_artists USING (album_id)
    """
    with answers.served() as api:
        for item, is_there in ((TRACK, True), (RECORDED_TRACK, False), (TRACK, True)):
            answers.show(one=deepcopy([item]))
            assert sync(lake=database, **settings(api)).exit_code == 0
            assert query(database, sql).rows == [("Title", True, "Album", "album", "One", is_there)]


@pytest.mark.long
def test_postgres_holds_what_duckdb_holds(database: Lake) -> None:
    """A changing world gives the same rows in every table and the same answers of every view, copied and native."""
    world = generate(seed=2, playlists=12, items=300)
    lakes = (Lake(), database)
    with Sandbox(world) as api:
        for _ in range(3):
            done = [sync(lake=lake, covers=True, resources="account", **settings(api)).run for lake in lakes]
            figures = [(run.exit_code, run.read, run.unchanged, run.new_items, run.removed_items) for run in done]
            assert figures[0] == figures[1]
            evolve(world, Random(1), changes=40)
            [(track_id, _), *_] = world.library.listed("track")
            world.library.remove("track", track_id)
    here, there = (contents(lake) for lake in lakes)
    assert {name: rows for name, rows in there.items() if rows != here[name]} == {}
    for view in VIEWS:
        assert view_rows(database, view) == view_rows(Lake(), view)
    catalogs = [catalog_of(lake) for lake in (Lake(), database)]
    assert catalogs[0].views == catalogs[1].views
    assert set(catalogs[0].own_tables) == set(catalogs[1].own_tables)
    typed = query(database, "SELECT title, place, added_at, duration FROM items")
    assert typed.types == ["character varying", "bigint", "timestamptz", "interval"]
    then = "items_at(now() - INTERVAL '1 second')"
    assert view_rows(database, then) == view_rows(Lake(), then)
    assert len(view_rows(database, then)) > 1
    assert len(view_rows(database, "items_at('2008-10-07')")) == 1
    assert report_data(database) == report_data(Lake())


@pytest.mark.long
def test_a_playlist_is_restored_from_postgres(database: Lake) -> None:
    """A playlist named with quotes and signs of formats is found and comes back, and the row of the command is kept."""
    name = 'O\'Hara \\ 100% {0} "x"'
    with Sandbox(generate(seed=2, playlists=3, items=300)) as api:
        playlist = api.world.create_playlist(name)
        playlist.insert(0, [api.world.catalogue.uri(number) for number in range(6)])
        sync([playlist.id], lake=database, **settings(api))
        before, moment = [entry.uri for entry in playlist.entries], datetime.now(UTC)
        playlist.remove([1, 4])
        given = settings(api)
        given["credentials"]["refresh_token"] = api.authorise(f"{READING} {WRITING}")
        done = restore(name, moment, lake=database, **given)
        assert (done.exit_code, [entry.uri for entry in playlist.entries]) == (0, before)
    assert query(database, "SELECT operation, outcome FROM writes").rows == [("restore", "done")]


def report_data(lake: Lake) -> list[Any]:
    """What the report shows of a lake, but for the times of the runs."""
    found = find(lake)
    columns = json.loads(zlib.decompress(base64.b64decode(found.archive)))
    return [
        [(moment.kind, moment.number, moment.item_uri, moment.playlist_id) for moment in found.moments],
        found.artists,
        columns["items"],
        columns["artists"],
        columns["people"],
        columns["playlists"]["id"],
        [columns["stays"][name] for name in ("item", "by", "position")],
        columns["absent"],
    ]


def view_rows(lake: Lake, view: str) -> list[str]:
    """What a view answers in the database's own SQL, but for the times of the runs."""
    answer = query(lake, f"SELECT * FROM {view}")
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    return [
        str(answer.columns),
        *sorted(str([_plain(row[name]) for name in sorted(row.keys() - RUN_TIMES)]) for row in rows),
    ]


def _plain(value: object) -> object:
    """A value as it compares: drivers name UTC differently."""
    return value.timestamp() if isinstance(value, datetime) else value


def test_commands_answer_from_postgres(database: Lake) -> None:
    """Status, its check and queries work; statements that would change something do not, and no password is told."""
    where = ("--destination", "postgres", "--dataset", database.dataset)
    nothing = playlake("status", *where)
    assert (nothing.code, nothing.err) == (
        2,
        f"playlake: There are no tables in postgres, dataset {database.dataset}: run playlake sync first.\n",
    )
    world = generate(seed=2, playlists=3, items=30)
    with Sandbox(world) as api:
        synced = playlake("sync", *where, environment=api.environment)
    assert (synced.code, synced.err) == (0, "")
    assert synced.out.endswith(" -> postgres\n")
    status = json.loads(playlake("status", *where, "--format", "json").out)
    assert {row["playlist_id"] for row in status} == set(world.listing)
    assert playlake("status", *where, "--check").code == 0
    counted = playlake("query", *where, "--format", "csv", "SELECT count(*) AS n FROM playlist_items")
    assert (counted.code, counted.out) == (0, f"n\n{sum(map(len, world.listed()))}\n")
    for statement in ("DELETE FROM playlists", "SELECT nothing"):
        refused = playlake("query", *where, statement)
        assert (refused.code, refused.err.partition(":")[0]) == (2, "playlake"), statement
        assert "The query failed: " in refused.err
    assert len(query(database, "SELECT * FROM playlists").rows) == len(world.listing)


@pytest.mark.long
def test_views_that_depend_on_ours(database: Lake, server: str) -> None:
    """They outlive every sync; where ours need other columns, it is told what is in the way."""
    there = f'"{database.dataset}"'
    with (
        Sandbox(generate(seed=1, playlists=1, items=3)) as api,
        closing(psycopg2.connect(server)) as connection,
        connection.cursor() as cursor,
    ):
        connection.autocommit = True
        assert sync(lake=database, **settings(api)).exit_code == 0
        cursor.execute(
            f"DROP VIEW {there}.playlist_items CASCADE; CREATE VIEW {there}.playlist_items AS SELECT 1 AS place"
        )
        assert sync(lake=database, **settings(api)).exit_code == 0
        cursor.execute(f"CREATE VIEW {there}.mine AS SELECT playlist_id FROM {there}.playlist_items")
        assert sync(lake=database, **settings(api)).exit_code == 0
        cursor.execute(f"SELECT count(*) FROM {there}.mine")
        assert cursor.fetchall() == [(3,)]
        cursor.execute(f"DROP VIEW {there}.mine, {there}.playlist_items CASCADE")
        cursor.execute(f"CREATE VIEW {there}.playlist_items AS SELECT 1 AS place")
        cursor.execute(f"CREATE VIEW {there}.mine AS SELECT place FROM {there}.playlist_items")
        with pytest.raises(DestinationError, match="playlist_items cannot be brought up to date"):
            sync(lake=database, **settings(api))
        cursor.execute(f"DROP VIEW {there}.mine")
        assert sync(lake=database, **settings(api)).exit_code == 0
        cursor.execute(f"SELECT count(*) FROM {there}.playlist_items")
        assert cursor.fetchall() == [(3,)]


@pytest.mark.long
def test_a_wrong_clock_is_repaired_in_postgres(database: Lake) -> None:
    """What a sync of next year wrote is moved before now, and the next sync goes on as if nothing had been."""
    where = ("--destination", "postgres", "--dataset", database.dataset)
    world = generate(seed=3, playlists=2, items=30)
    with Sandbox(world) as api:
        assert playlake("sync", *where, environment=api.environment).code == 0
        first = next(playlist for playlist in world.listed() if len(playlist) > 1)
        first.move(1, 0)
        with clock(timedelta(days=400)):
            assert playlake("sync", *where, environment=api.environment).code == 0
        assert playlake("sync", *where, environment=api.environment).code == 75
        end = playlake("repair", "--clock", *where, environment=api.environment)
        assert (end.code, "Moved 1 load " in end.out) == (0, True), end
        first.move(1, 0)
        assert playlake("sync", *where, environment=api.environment).code == 0
    rows = query(database, "SELECT started_at FROM runs ORDER BY _dlt_load_id, finished_at").rows
    times = [row[0] for row in rows]
    assert times == sorted(times)
    assert times[-1] < datetime.now(UTC)
    sql = "SELECT change, count(*) FROM playlist_changes GROUP BY change"
    assert query(database, sql).rows == [("moved", 2)]


@pytest.mark.long
def test_popularity_over_time_in_postgres(database: Lake, server: str) -> None:
    """A row when a number moved, once a day at most."""
    with closing(psycopg2.connect(server)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        world = generate(seed=3, playlists=2, items=30)
        check_a_move(database, world, lambda statement: cursor.execute(statement.format(f'"{database.dataset}".')))


@pytest.mark.long
def test_syncs_of_two_machines_at_the_same_time(database: Lake, tmp_path: Path) -> None:
    """The second is told to try later, although it shares no file with the first, and may when that is done."""
    reading, go_on = Event(), Event()

    def intercept(request: Any) -> None:
        if "/v1/playlists/" in request.url.path:
            reading.set()
            go_on.wait(timeout=60)

    world = generate(seed=1, playlists=3, items=20)
    sync_there = ("sync", "--destination", "postgres", "--dataset", database.dataset)
    place = {"DESTINATION__POSTGRES__CREDENTIALS": os.environ["DESTINATION__POSTGRES__CREDENTIALS"]}
    with Sandbox(world, intercept=intercept) as slow, Sandbox(world) as fast:
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
        first = started(*sync_there, folder=tmp_path / "one", environment=slow.environment | place)
        assert reading.wait(timeout=60)
        second = ended(started(*sync_there, folder=tmp_path / "two", environment=fast.environment | place))
        assert (second.code, fast.requests) == (75, [])
        assert "Another sync is writing to postgres" in second.err
        go_on.set()
        assert ended(first).code == 0
        assert ended(started(*sync_there, folder=tmp_path / "two", environment=fast.environment | place)).code == 0
    rows = query(database, "SELECT count(*), count(DISTINCT (playlist_id, item_key)) FROM playlist_additions").rows
    assert rows == [(sum(map(len, world.listed())),) * 2]


@pytest.mark.long
def test_what_is_lost_in_postgres(database: Lake, server: str) -> None:
    """A plain sync names it, one of everything brings back what there is, and the doctor counts rows."""
    there, where = f'"{database.dataset}"', ("--destination", "postgres", "--dataset", database.dataset)
    sql = f"SELECT playlist_id, position, item_uri, added_at FROM {there}.playlist_items ORDER BY 1, 2"
    with (
        Sandbox(generate(seed=3, playlists=3, items=40)) as api,
        closing(psycopg2.connect(server)) as connection,
        connection.cursor() as cursor,
    ):
        connection.autocommit = True
        assert sync(lake=database, **settings(api)).exit_code == 0
        before = query(database, sql).rows
        for loss, words in (
            ("DROP TABLE {}.track_artists CASCADE", "table track_artists"),
            ("DROP TABLE {}.playlist_additions CASCADE", "table playlist_additions"),
            ("ALTER TABLE {}.tracks DROP COLUMN isrc CASCADE", "column tracks.isrc"),
            ("ALTER TABLE {}.playlist_additions DROP COLUMN item_uri CASCADE", "column playlist_additions.item_uri"),
            ("ALTER TABLE {}.playlist_snapshots DROP COLUMN item_count CASCADE", "column playlist_snapshots.item"),
            (
                (
                    "DROP VIEW {0}.addition_details, {0}.item_details, {0}.listening CASCADE; "
                    "ALTER TABLE {0}.tracks ALTER duration_ms TYPE TEXT"
                ),
                "type of column tracks.duration_ms",
            ),
        ):
            cursor.execute(loss.format(there))
            refused = playlake("sync", *where, environment=api.environment)
            assert (refused.code, words in refused.err, "playlake sync --full" in refused.err) == (2, True, True), loss
            full = playlake("sync", *where, "--full", environment=api.environment)
            assert full.code == 0, (loss, full.err)
            assert query(database, sql).rows == before
        cursor.execute(f"DELETE FROM {there}.playlist_additions")
        said = playlake("doctor", *where, environment=api.environment).out
        assert "40 items on playlists have no addition" in said
        assert playlake("sync", *where, environment=api.environment).code == 0
        assert query(database, sql).rows == before
        cursor.execute(f"DELETE FROM {there}.albums")
        assert "tracks have no album" in playlake("doctor", *where, environment=api.environment).out
        assert playlake("sync", *where, "--full", environment=api.environment).code == 0
        assert "tracks have no album" not in playlake("doctor", *where, environment=api.environment).out


def test_a_database_that_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said before anything is asked of Spotify, without the password."""
    monkeypatch.setenv("DESTINATION__POSTGRES__CREDENTIALS", "postgresql://tester:hidden@127.0.0.1:1/nowhere")
    with Sandbox(generate(seed=1, playlists=1, items=1)) as api:
        end = playlake("sync", "--destination", "postgres", environment=api.environment)
        assert api.requests == []
    assert (end.code, len(end.err.splitlines())) == (2, 1)
    assert "Destination postgres cannot be reached" in end.err
    assert "hidden" not in end.err
