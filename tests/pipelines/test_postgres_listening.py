"""Listening in Postgres: the same plays, and the same answers of the views, as in DuckDB."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import psycopg2
import pytest
from psycopg2.extras import execute_values

from pipelines.destinations.lake import Lake
from pipelines.operations.import_history import import_history
from pipelines.operations.query import query
from pipelines.sync.service import sync
from schemas import view_sql
from schemas.lake import SQL_TYPES
from sources.spotify_sandbox import Sandbox, generate
from sources.spotify_sandbox.worlds.account_data import extended_zip, listened, short_zip
from tests.pipelines.driving import settings
from tests.pipelines.postgres_server import postgres, program
from tests.schemas.lake_folder import BY_NAME
from tests.schemas.listening_model import LENGTHS, START, listening, random_plays
from tests.schemas.test_listening import TABLES

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(program("initdb") is None, reason="there is no Postgres here: apt-get install postgresql"),
]

SHOWN = (
    "SELECT user_id, item_uri, round(extract(EPOCH FROM played_at) * 1000)::BIGINT, source, play_key "
    'FROM listening ORDER BY user_id COLLATE "C", item_uri COLLATE "C", played_at, source COLLATE "C", play_key'
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of a database."""
    with postgres() as url:
        yield url


@pytest.fixture(scope="module")
def cursor(server: str) -> Iterator[Any]:
    """A connection to the tables that the view stands on."""
    with closing(psycopg2.connect(server)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("CREATE SCHEMA model; SET search_path = model; SET TIME ZONE 'Asia/Kathmandu'")
        cursor.execute("CREATE TABLE _dlt_loads AS SELECT 'done' AS load_id, 0 AS status")
        for name in TABLES:
            columns = ", ".join(f"{column.name} {SQL_TYPES[column.type]}" for column in BY_NAME[name].columns)
            cursor.execute(f"CREATE TABLE {name} ({columns}, _dlt_load_id VARCHAR)")
        cursor.execute(f"CREATE VIEW listening AS {view_sql('listening', 'postgres')}")
        for uri, length in LENGTHS.items():
            if length:
                cursor.execute(
                    "INSERT INTO tracks (track_uri, duration_ms, _dlt_load_id) VALUES (%s, %s, 'done')", (uri, length)
                )
        yield cursor


@pytest.mark.parametrize("seed", range(20))
def test_plays_are_matched_as_the_model_says(cursor: Any, seed: int) -> None:
    """Postgres pairs the plays of two sources as the model does."""
    plays, base = random_plays(Random(seed)), int(START.timestamp() * 1000)
    cursor.execute("DELETE FROM plays")
    for play in [*plays, *plays[::3]]:
        names = ", ".join(play.row)
        execute_values(
            cursor,
            f"INSERT INTO plays ({names}, _dlt_load_id) VALUES %s",
            [(*play.row.values(), "done")],
        )
    cursor.execute(SHOWN)
    assert [(user, uri, at - base, source, key) for user, uri, at, source, key in cursor.fetchall()] == listening(plays)


@pytest.mark.long
def test_an_import_is_the_same_in_both(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Imports and syncs give Postgres the rows that they give DuckDB, and again nothing new."""
    monkeypatch.setenv("DESTINATION__POSTGRES__CREDENTIALS", server)
    world = generate(seed=4, playlists=2, items=300)
    tracks = [n for n in range(150) if world.catalogue.kind(n) == "track"]
    newest = min(play.played_at for play in world.player.history)
    heard = list(listened(world, tracks, newest - 9 * 86_400_000, newest + 3_600_000))
    short, whole = tmp_path / "short.zip", tmp_path / "whole.zip"
    short.write_bytes(short_zip(world, heard))
    whole.write_bytes(extended_zip(world, heard[: len(heard) // 2]))
    answers = []
    with Sandbox(world) as api:
        for lake in (Lake("duckdb", str(tmp_path / "here.duckdb")), Lake("postgres", dataset="imported")):
            given = settings(api)
            given["credentials"]["refresh_token"] = api.authorise("user-read-recently-played")
            new = [import_history([file], lake, user="somebody").new for file in (short, whole, short)]
            assert new == [len(heard), len(heard) // 2, 0]
            assert sync(None, lake, resources="plays", **given).exit_code == 0
            answers.append([sorted(map(str, query(lake, sql).rows)) for sql in QUESTIONS])
    assert answers[0] == answers[1]
    assert len(answers[0][1]) == len(heard) + len(world.player.history)


QUESTIONS = (
    "SELECT user_id, play_key, source, item_uri, ms_played, skipped, platform, item_name FROM plays",
    "SELECT user_id, play_key, item_uri, item_name, ms_played, source, context_uri, reason_end FROM listening",
    "SELECT user_id, known_plays FROM play_gaps",
    "SELECT resource, subject, user_id, new_items FROM resource_reads",
)


def test_columns_are_the_same(cursor: Any) -> None:
    """The view has the same columns, in the same order."""
    cursor.execute("SELECT * FROM listening LIMIT 0")
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE _dlt_loads AS SELECT 'done' AS load_id, 0 AS status")
        for name in TABLES:
            columns = ", ".join(f"{column.name} {SQL_TYPES[column.type]}" for column in BY_NAME[name].columns)
            connection.execute(f"CREATE TABLE {name} ({columns}, _dlt_load_id VARCHAR)")
        answer = connection.execute(view_sql("listening"))
        assert [column[0] for column in cursor.description] == [column[0] for column in answer.description or ()]
