"""The views in Postgres over empty tables, filled at random: they answer as the models do."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import hypothesis
import psycopg2
import pytest
from hypothesis import strategies as st

from schemas import FUNCTIONS, TABLES, VIEWS, function_sql, view_sql
from schemas.lake import SQL_TYPES
from sources.stored.dialects import POSTGRES
from tests.pipelines.destinations.test_clock_shift import SPANS, check_moves
from tests.pipelines.postgres_server import postgres, program
from tests.schemas import description_model, popularity_model, ranked_list_model
from tests.schemas.playlist_model import Load, written
from tests.schemas.test_views import LOADS, QUERIES, A, B, C, D, as_json, expected, ordered, plain, rows_of

POSTGRES_TYPES = {"BIGINT[]": "JSONB", "VARCHAR[]": "JSONB", "BLOB": "BYTEA", "DOUBLE": "DOUBLE PRECISION"}

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(program("initdb") is None, reason="there is no Postgres here: apt-get install postgresql"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of a database."""
    with postgres() as url:
        yield url


def tables_of_views() -> str:
    """Statements that make all tables that views stand on, empty."""
    statements = ["CREATE SCHEMA model", "SET search_path = model"]
    statements.append("CREATE TABLE _dlt_loads (load_id VARCHAR, status BIGINT)")
    for table in TABLES:
        types = {column.name: SQL_TYPES[column.type] for column in table.columns}
        columns = ", ".join(f"{name} {POSTGRES_TYPES.get(type_, type_)}" for name, type_ in types.items())
        statements.append(f"CREATE TABLE {table.name} ({columns}, _dlt_load_id VARCHAR)")
    return ";".join(statements)


@pytest.fixture(scope="module")
def cursor(server: str) -> Iterator[Any]:
    """A connection to the tables that the views stand on, all empty."""
    with closing(psycopg2.connect(server)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(tables_of_views())
        for view in VIEWS:
            cursor.execute(f"CREATE VIEW {view} AS {view_sql(view, 'postgres')}")
        for function in FUNCTIONS:
            cursor.execute(function_sql(function, "postgres"))
        yield cursor


@hypothesis.settings(max_examples=40)
@hypothesis.example([Load("p", (A, B, C)), Load("p", ()), Load("p", (A, B, C))])
@hypothesis.example([Load("p", (A, B, C, D)), Load("p", (D, C), complete=False), Load("p", (D, A, B, C), copies=2)])
@hypothesis.given(loads=LOADS)
def test_views_in_postgres_answer_as_the_model_does(cursor: Any, loads: list[Load]) -> None:
    """Whatever comes, goes, returns or moves, and however loads end, they tell exactly that."""
    playlists = written(loads)
    cursor.execute("TRUNCATE _dlt_loads, playlist_snapshots, playlist_additions, playlist_addition_authors")
    for load, state in zip(loads, playlists.states, strict=True):
        rows = rows_of(playlists, state.load_id)
        rows["_dlt_loads"] = [{"load_id": state.load_id, "status": 0}] if load.complete else []
        for table, values in rows.items():
            for row in values * load.copies:
                full = row if table == "_dlt_loads" else row | {"_dlt_load_id": state.load_id}
                places = ", ".join(["%s"] * len(full))
                cursor.execute(
                    f"INSERT INTO {table} ({', '.join(full)}) VALUES ({places})", [*map(as_json, full.values())]
                )
    found = {}
    for name, sql in QUERIES.items():
        cursor.execute(re.sub(r"epoch_us\((\w+)\)", r"\1", sql))
        found[name] = ordered([tuple(map(plain, row)) for row in cursor.fetchall()])
    assert found == expected(playlists)
    if playlists.states:
        since, until = (playlists.states[len(loads) * third // 3].observed_at for third in (1, 2))
        in_span = QUERIES["changes"].replace("playlist_changes", "playlist_changes_between(%s, %s)")
        cursor.execute(re.sub(r"epoch_us\((\w+)\)", r"\1", in_span), [since, until])
        told = [tuple(map(plain, row)) for row in cursor.fetchall()]
        assert ordered(told) == [row for row in found["changes"] if plain(since) <= row[1] < plain(until)]


@pytest.mark.parametrize("view", ["playlist_items", "playlist_changes"])
def test_a_condition_on_the_playlist_reaches_the_scan_in_postgres(cursor: Any, view: str) -> None:
    """Postgres reads the states of that playlist alone."""
    cursor.execute(f"EXPLAIN (FORMAT json) SELECT * FROM {view} WHERE playlist_id = 'p'")
    ((((plan,),),),) = [cursor.fetchall()]
    scans = [step for step in steps(plan["Plan"]) if step.get("Relation Name") == "playlist_snapshots"]
    assert scans
    assert [scan for scan in scans if "(playlist_id)::text = 'p'" not in scan.get("Filter", "")] == []


def steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All steps of a plan of Postgres's."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from steps(below)


@hypothesis.settings(max_examples=40)
@hypothesis.given(loads=description_model.DESCRIBED)
def test_changes_of_descriptions_in_postgres(cursor: Any, loads: list[description_model.Described]) -> None:
    """They are what the model says, and so what DuckDB says."""
    cursor.execute("TRUNCATE _dlt_loads, playlist_descriptions")
    for number, load in enumerate(loads):
        row = load.row | {"_dlt_load_id": str(1000 + number)}
        for _ in range(load.copies):
            places = ", ".join(["%s"] * len(row))
            cursor.execute(
                f"INSERT INTO playlist_descriptions ({', '.join(row)}) VALUES ({places})", list(row.values())
            )
        if load.complete:
            cursor.execute("INSERT INTO _dlt_loads VALUES (%s, 0)", [row["_dlt_load_id"]])
    cursor.execute(description_model.QUERY)
    assert description_model.plain(cursor.fetchall()) == description_model.expected(loads)


@hypothesis.settings(max_examples=40)
@hypothesis.given(loads=popularity_model.OBSERVED)
def test_moves_of_popularity_in_postgres(cursor: Any, loads: list[popularity_model.Observed]) -> None:
    """They are what the model says, and so what DuckDB says."""
    cursor.execute("TRUNCATE _dlt_loads, popularity_history")
    for number, load in enumerate(loads):
        row = load.row | {"_dlt_load_id": str(1000 + number)}
        for _ in range(load.copies):
            places = ", ".join(["%s"] * len(row))
            cursor.execute(f"INSERT INTO popularity_history ({', '.join(row)}) VALUES ({places})", list(row.values()))
        if load.complete:
            cursor.execute("INSERT INTO _dlt_loads VALUES (%s, 0)", [row["_dlt_load_id"]])
    cursor.execute(popularity_model.QUERY)
    assert popularity_model.plain(cursor.fetchall()) == popularity_model.expected(loads)


@hypothesis.settings(max_examples=40)
@hypothesis.given(loads=ranked_list_model.RANKED)
def test_places_of_ranked_lists_in_postgres(cursor: Any, loads: list[ranked_list_model.Ranked]) -> None:
    """They are what the model says, and so what DuckDB says."""
    cursor.execute("TRUNCATE _dlt_loads, ranked_lists")
    for number, load in enumerate(loads):
        row = load.row(number) | {"_dlt_load_id": str(1000 + number)}
        for _ in range(load.copies):
            places = ", ".join(["%s"] * len(row))
            cursor.execute(
                f"INSERT INTO ranked_lists ({', '.join(row)}) VALUES ({places})", [*map(as_json, row.values())]
            )
        if load.complete:
            cursor.execute("INSERT INTO _dlt_loads VALUES (%s, 0)", [row["_dlt_load_id"]])
    for sql, told in (
        (ranked_list_model.ITEMS, ranked_list_model.items(loads)),
        (ranked_list_model.CHANGES, ranked_list_model.changes(loads)),
    ):
        cursor.execute(sql)
        assert ranked_list_model.plain(cursor.fetchall()) == ranked_list_model.plain(told)


@hypothesis.settings(max_examples=40)
@hypothesis.given(SPANS, st.lists(SPANS, min_size=1, max_size=5))
def test_postgres_moves_times_as_python_does(cursor: Any, before: timedelta, after: list[timedelta]) -> None:
    """A repair of what a wrong clock wrote: to the microsecond, in order, and none into the past."""

    def ask(sql: str) -> list[tuple[Any, ...]]:
        cursor.execute(sql)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    check_moves(before, after, POSTGRES, ask)
