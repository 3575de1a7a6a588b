"""How long the views take on a large lake: a million items now on playlists, five states of each playlist.

    python -m tests.benchmarks.views [--playlists 2000] [--items 500] [--repeats 5] [--smoke] [--out FILE]

The tables are made directly, as dlt lays them out: a DuckDB file, in which lists of keys are JSON, and a folder of
Parquet files that DuckDB reads through the statements of `schemas.lake`. From one state to the next a playlist loses
its first items, gets as many new ones at its end, and its first item of the rest moves there too. Every repeat opens
the lake again; only the query is timed, all columns and rows of its answer being written to a temporary table. The
answers are counted, and those of the two lakes compared.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click
import duckdb
import msgspec
from rich.console import Console
from rich.table import Table

from schemas import VIEWS, view_sql
from schemas.lake import lake_sql

THREADS = 2
STATES = 5
CHURN = 10
"""Items that leave a playlist, and that join it, from one state to the next."""

ROWS_OF_A_GROUP = 5_000
"""Rows that dlt writes to a Parquet file at a time: it gets batches of about 50 pages of 100."""

TABLES = ("playlist_snapshots", "playlist_additions", "playlist_addition_authors")

MEASURED = tuple(view for view in VIEWS if view not in {"playlist_cover_history", "playlist_description_changes"})
"""The views over these tables."""

FILL = """
SET VARIABLE states = {states};
SET VARIABLE items = {items};
SET VARIABLE churn = {churn};

CREATE TABLE _dlt_loads AS
SELECT
    load_id(state) AS load_id, 'spotify' AS schema_name, 0::BIGINT AS status, observed_at(state) AS inserted_at,
    'made' AS schema_version_hash
FROM range(getvariable('states')) AS states(state);

CREATE TABLE playlist_additions AS
SELECT
    playlist_id(playlist) AS playlist_id,
    item_key(playlist, number) AS item_key,
    observed_at(0) - to_minutes(getvariable('items') - number) AS added_at,
    'user' || number % 7 AS added_by_id,
    'spotify:track:' || track_id(playlist, number) AS item_uri,
    'track' AS item_type,
    track_id(playlist, number) AS track_id,
    NULL::VARCHAR AS episode_id,
    false AS is_local,
    NULL::VARCHAR AS primary_color,
    NULL::VARCHAR AS video_thumbnail_url,
    observed_at(first_state(number)) AS first_observed_at,
    load_id(first_state(number)) AS _dlt_load_id
FROM
    range({playlists}) AS playlists(playlist),
    range(getvariable('items') + getvariable('churn') * (getvariable('states') - 1)) AS numbers(number)
ORDER BY _dlt_load_id, playlist, number;

CREATE TABLE playlist_addition_authors AS
SELECT playlist_id, item_key, first_observed_at AS observed_at, 'user' AS added_by_id, _dlt_load_id
FROM playlist_additions
WHERE item_key % 1000 = 0;

CREATE TABLE playlist_snapshots AS
SELECT
    playlist_id(playlist) AS playlist_id,
    md5(concat_ws(' ', playlist, state)) AS snapshot_id,
    observed_at(state) AS observed_at,
    listed(playlist, state)::{keys} AS item_keys,
    getvariable('items') AS item_count,
    (CASE state WHEN 0 THEN []::BIGINT[] ELSE listed(playlist, state)[-1:] END)::{keys} AS moved_keys,
    load_id(state) AS _dlt_load_id
FROM range({playlists}) AS playlists(playlist), range(getvariable('states')) AS states(state)
ORDER BY state, playlist;
"""

MACROS = """
CREATE TEMP MACRO load_id(state) AS (1700000000 + state * 3600)::VARCHAR || '.1234567';
CREATE TEMP MACRO observed_at(state) AS to_timestamp(1700000000 + state * 3600);
CREATE TEMP MACRO playlist_id(playlist) AS md5('playlist ' || playlist)[:22];
CREATE TEMP MACRO track_id(playlist, number) AS md5('track ' || hash(playlist, number) % 400000)[:22];
CREATE TEMP MACRO item_key(playlist, number) AS (hash(playlist, number)::HUGEINT - 9223372036854775808)::BIGINT;
CREATE TEMP MACRO first_state(number) AS
    greatest(0, (number - getvariable('items')) // getvariable('churn') + 1);
CREATE TEMP MACRO listed(playlist, state) AS list_transform(
    CASE state
        WHEN 0 THEN range(getvariable('items'))
        ELSE list_append(
            range(state * getvariable('churn') + 1, state * getvariable('churn') + getvariable('items')),
            state * getvariable('churn')
        )
    END,
    lambda number: item_key(playlist, number)
);
"""


class Timing(msgspec.Struct):
    """What one query took on one lake.

    Attributes:
        lake: `duckdb` or `parquet`.
        query: the view, and what was asked of it.
        rows: rows of the answer.
        seconds: the median of the repeats, as a clock on the wall has it.
        cpu_seconds: the median of the CPU time of all threads, which other work on the machine hardly changes.
        runs: seconds of each repeat.
        digest: sum of the rows' hashes, equal where the rows are.
    """

    lake: str
    query: str
    rows: int
    seconds: float
    cpu_seconds: float
    runs: list[float]
    digest: int


@click.command()
@click.option("--playlists", default=2_000, show_default=True)
@click.option("--items", default=500, show_default=True, help="Items of each playlist.")
@click.option("--repeats", default=5, show_default=True)
@click.option("--smoke", is_flag=True, help="A tiny lake and one repeat: does it work at all?")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the figures here, as JSON.")
def main(playlists: int, items: int, repeats: int, smoke: bool, out: Path | None) -> None:
    """Time the views on DuckDB and on Parquet."""
    playlists, items, repeats = (20, 50, 1) if smoke else (playlists, items, repeats)
    with TemporaryDirectory(prefix="playlake-views-") as folder:
        opened = {
            "duckdb": _make_database(Path(folder), playlists, items),
            "parquet": _make_files(Path(folder), playlists, items),
        }
        timings = [
            _timed(lake, query, sql, open_lake, repeats)
            for query, sql in _queries().items()
            for lake, open_lake in opened.items()
        ]
    _print(timings)
    _check(timings, playlists, items)
    if out is not None:
        out.write_bytes(msgspec.json.format(msgspec.json.encode(timings), indent=2) + b"\n")


def _queries() -> dict[str, str]:
    """Every view as a whole, and for one playlist."""
    one = "WHERE playlist_id = md5('playlist 7')[:22]"
    return {view: f"FROM {view}" for view in MEASURED} | {
        f"{view}, one playlist": f"FROM {view} {one}" for view in MEASURED
    }


def _make_database(folder: Path, playlists: int, items: int) -> Callable[[], duckdb.DuckDBPyConnection]:
    """Makes a DuckDB file as dlt would, and says how to open it."""
    file = str(folder / "views.duckdb")
    with duckdb.connect(file) as connection:
        _fill(connection, playlists, items, keys="JSON")
        for view in MEASURED:
            connection.execute(f"CREATE VIEW {view} AS\n{view_sql(view)}")
    return lambda: duckdb.connect(file, read_only=True, config={"threads": THREADS})


def _make_files(folder: Path, playlists: int, items: int) -> Callable[[], duckdb.DuckDBPyConnection]:
    """Makes a folder of Parquet files as dlt would, one file for each table and load, and says how to open it."""
    root = folder / "lake"
    with duckdb.connect() as connection:
        _fill(connection, playlists, items, keys="BIGINT[]")
        for table in TABLES:
            (root / table).mkdir(parents=True)
            for (load_id,) in connection.execute("SELECT load_id FROM _dlt_loads").fetchall():
                file = root / table / f"{load_id}.0123456789.parquet"
                rows = f"FROM {table} WHERE _dlt_load_id = '{load_id}'"
                connection.execute(f"COPY ({rows}) TO '{file}' (ROW_GROUP_SIZE {ROWS_OF_A_GROUP})")
        (root / "_dlt_loads").mkdir()
        connection.execute(f"COPY _dlt_loads TO '{root}/_dlt_loads/spotify__1.jsonl' (FORMAT json)")

    def opened() -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(config={"threads": THREADS})
        for statement in lake_sql(str(root), [*TABLES, "_dlt_loads"]):
            connection.execute(statement)
        return connection

    return opened


def _fill(connection: duckdb.DuckDBPyConnection, playlists: int, items: int, keys: str) -> None:
    connection.execute(MACROS)
    connection.execute(FILL.format(playlists=playlists, items=items, states=STATES, churn=CHURN, keys=keys))


def _timed(lake: str, query: str, sql: str, open_lake: Callable[[], duckdb.DuckDBPyConnection], repeats: int) -> Timing:
    runs, cpu = [], []
    for _ in range(repeats):
        with open_lake() as connection:
            started, cpu_started = time.perf_counter(), time.process_time()
            connection.execute(f"CREATE TEMP TABLE answer AS {sql}")
            runs.append(time.perf_counter() - started)
            cpu.append(time.process_time() - cpu_started)
            row = connection.execute("SELECT count(*), sum(hash(answer)) FROM answer").fetchone()
    assert row is not None
    return Timing(lake, query, row[0], median(runs), median(cpu), runs, int(row[1] or 0) % 2**63)


def _print(timings: Sequence[Timing]) -> None:
    table = Table(box=None)
    table.add_column("query", no_wrap=True)
    table.add_column("lake", no_wrap=True)
    for heading in ("rows", "CPU s", "seconds", "fastest", "slowest"):
        table.add_column(heading, justify="right")
    for timing in timings:
        seconds = (timing.cpu_seconds, timing.seconds, min(timing.runs), max(timing.runs))
        table.add_row(timing.query, timing.lake, f"{timing.rows:,}", *(f"{value:.3f}" for value in seconds))
    Console().print(table)


def _check(timings: Sequence[Timing], playlists: int, items: int) -> None:
    """The answers are as many as the making of the lake implies, and the same on both."""
    steps = STATES - 1
    of_a_playlist = {
        "playlist_items": items,
        "playlist_item_history": items + steps * CHURN,
        "playlist_changes": steps * (2 * CHURN + 1),
    }
    for timing in timings:
        view, _, one = timing.query.partition(",")
        expected = of_a_playlist[view] * (1 if one else playlists)
        if timing.rows != expected:
            msg = f"{timing.query} on {timing.lake} has {timing.rows} rows and should have {expected}"
            raise click.ClickException(msg)
    for query in _queries():
        if len({timing.digest for timing in timings if timing.query == query}) > 1:
            msg = f"{query}: the two lakes give different rows"
            raise click.ClickException(msg)


if __name__ == "__main__":
    main()
