"""The view `listening` has each play once, whoever told it; held against a model in Python."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from schemas import view_sql
from schemas.lake import SQL_TYPES
from tests.schemas.lake_folder import BY_NAME
from tests.schemas.listening_model import LENGTHS, START, Told, listening, random_plays

SHOWN = "SELECT user_id, item_uri, epoch_ms(played_at) - {}, source, play_key FROM listening ORDER BY ALL"
TABLES = ("plays", "tracks", "track_artists", "episodes")
BASE = int(START.timestamp() * 1000)


@pytest.fixture
def lake() -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables that the view stands on, with one load that is complete and one that is not."""
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE _dlt_loads AS SELECT 'done' AS load_id, 0 AS status")
        for name in TABLES:
            columns = ", ".join(f"{column.name} {SQL_TYPES[column.type]}" for column in BY_NAME[name].columns)
            connection.execute(f"CREATE TABLE {name} ({columns}, _dlt_load_id VARCHAR)")
        connection.execute(f"CREATE VIEW listening AS {view_sql('listening')}")
        add(
            connection,
            "tracks",
            [{"track_uri": uri, "duration_ms": length} for uri, length in LENGTHS.items() if length],
        )
        yield connection


def add(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]], load: str = "done") -> None:
    """Puts rows into a table; what they do not say is null."""
    if rows:
        given = pa.Table.from_pylist(rows).append_column("_dlt_load_id", pa.array([load] * len(rows)))
        connection.register("given", given)
        connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM given")


def shown(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """The view's rows."""
    return connection.execute(SHOWN.format(BASE)).fetchall()


@pytest.mark.parametrize("seed", range(60))
def test_plays_are_matched_as_the_model_says(lake: duckdb.DuckDBPyConnection, seed: int) -> None:
    """Whatever two sources tell of two users, the nearest are one play, and nothing is lost or there twice."""
    plays = random_plays(Random(seed))
    rows = [play.row for play in plays]
    add(lake, "plays", rows)
    # A run that overlapped another has written some again, and one that was cut off is not to be seen.
    add(lake, "plays", rows[::3])
    add(lake, "plays", [Told("u", "api", "a", 5, 99).row], load="cut off")
    assert shown(lake) == listening(plays)


def test_chains_are_taken_from_their_nearest_pair(lake: duckdb.DuckDBPyConnection) -> None:
    """Distances that shrink along a row of plays decide one after the other, however long it is."""
    at, plays = 0, []
    for number in range(60):
        plays.append(Told("u", "api" if number % 2 else "export", "a", at, number))
        at += 90_000 - number * 1_000
    add(lake, "plays", [play.row for play in plays])
    assert shown(lake) == listening(plays)


def test_the_exports_details_win(lake: duckdb.DuckDBPyConnection) -> None:
    """Of both the time and the length are the export's, and where it was played from is the API's."""
    add(lake, "plays", [Told("u", "api", "a", 1_400, 1).row, Told("u", "export", "a", 1_000, 2).row])
    answer = lake.execute("SELECT epoch_ms(played_at), ms_played, context_uri, source FROM listening").fetchall()
    assert answer == [(BASE + 1_000, 2, "from", "both")]


def test_short_and_extended_histories_are_one(lake: duckdb.DuckDBPyConnection) -> None:
    """What the short one told first is not there twice when the extended one comes; names find their only track."""
    names = {"item_name": "N", "artist_name": "A"}
    exact = [Told("u", "export", "a", 61_000, 1).row | names | {"ms_played": 9}]
    short = {"item_uri": None, "played_at_precision": "minute", "played_at": START + timedelta(minutes=1)} | names
    add(lake, "plays", exact)
    add(
        lake,
        "plays",
        [Told("u", "export", "a", 0, key).row | short | {"ms_played": ms} for key, ms in ((2, 9), (3, 9), (4, 8))],
    )
    assert [(row[1], row[4]) for row in shown(lake)] == [("a", 3), ("a", 4), ("a", 1)]
    add(lake, "plays", [Told("u", "export", "b", 9_000_000, 5).row | names])
    assert [(row[1], row[4]) for row in shown(lake)] == [("a", 1), ("b", 5), (None, 3), (None, 4)]
