"""Everything a lake holds, as plain values that can be compared between destinations."""

from datetime import datetime
from typing import Any

import duckdb

from pipelines.destinations.lake import Lake
from schemas import TABLES, VIEWS
from schemas.spec import LISTS

Rows = list[dict[str, Any]]

# Times that Spotify sent stay as they are; all others are the clock's, and stand for the run they lie in.
SENT_TIMES = {"added_at", "resume_at", "played_at", "offline_at", "missing_from", "missing_until"}


def select(lake: Lake, sql: str) -> list[tuple[Any, ...]]:
    """The rows that a query gives."""
    with lake.open() as connection:
        return connection.execute(sql).fetchall()


def contents(lake: Lake) -> dict[str, Rows]:
    """Every table and view, in an order that depends on the values alone.

    Runs are numbered from 0 in the order of their start; the clock's times and run ids become those numbers.
    """
    with lake.open() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        runs = connection.execute("SELECT run_id, started_at, finished_at FROM runs ORDER BY started_at").fetchall()
        found = {table.name: _rows(connection, table.name, _columns(table.name)) for table in TABLES}
        found |= {view: _rows(connection, view, ["*"]) for view in VIEWS}
    return {name: _sorted([_numbered(row, runs) for row in rows]) for name, rows in found.items()}


def _columns(name: str) -> list[str]:
    (table,) = (table for table in TABLES if table.name == name)
    # DuckDB has no list of integers through dlt, and only plain files need the mark of what was taken away.
    return [
        f"{column.name}::{LISTS[column.type]} AS {column.name}" if column.type in LISTS else column.name
        for column in table.columns
        if column.name != "removed"
    ]


def _rows(connection: duckdb.DuckDBPyConnection, name: str, columns: list[str]) -> Rows:
    cursor = connection.execute(f"SELECT {', '.join(columns)} FROM {name}")
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _numbered(row: dict[str, Any], runs: list[tuple[Any, ...]]) -> dict[str, Any]:
    return {name: _number(name, value, runs) for name, value in row.items()}


def _number(name: str, value: Any, runs: list[tuple[Any, ...]]) -> Any:
    if name == "run_id":
        return [run[0] for run in runs].index(value)
    if not isinstance(value, datetime) or name in SENT_TIMES:
        return value
    number = [index for index, run in enumerate(runs) if run[1] <= value <= run[2]]
    assert len(number) == 1, f"{name} {value} lies in no run"
    return number[0]


def _sorted(rows: Rows) -> Rows:
    return sorted(rows, key=repr)
