"""What a lake holds after a fault, in a form that must be equal to that of a lake which met none.

Left out, and nothing else: which run, load and time of observation (each time becomes "in the first sync" or "later"),
the rows of `runs` and of failed reads (the sync that met the fault has one more), how many requests a read took, and
the port of the sandbox.
"""

import re
from collections import Counter
from datetime import datetime
from typing import Any

import duckdb

from pipelines.destinations.lake import Lake
from schemas import TABLES, VIEWS
from schemas.spec import LISTS
from tests.pipelines.tables import SENT_TIMES

COMPLETE = "_dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)"
READS = "outcome = 'read'"
LEFT_OUT = {"run_id", "requests"}
PORT = re.compile(r"^http://127\.0\.0\.1:\d+")

Found = dict[str, Counter[tuple[tuple[str, Any], ...]]]
States = dict[str, list[tuple[Any, ...]]]


def contents(lake: Lake) -> Found:
    """All rows of all tables and views but `runs`, as often as each is there."""
    with lake.open() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        [[first]] = connection.execute("SELECT min(finished_at) FROM runs WHERE exit_code = 0").fetchall()
        queries = {table.name: _query(table.name) for table in TABLES if table.name != "runs"}
        queries |= {view: f"FROM {view}" for view in VIEWS}
        return {name: _rows(connection, sql, first) for name, sql in queries.items()}


def _query(name: str) -> str:
    (table,) = (table for table in TABLES if table.name == name)
    columns = [
        f"{column.name}::{LISTS[column.type]} AS {column.name}" if column.type in LISTS else column.name
        for column in table.columns
        if column.name not in {"removed", *LEFT_OUT}
    ]
    where = ["true", *([COMPLETE] if table.kind == "fact" else []), *([READS] if name == "playlist_reads" else [])]
    return f"SELECT {', '.join(columns)} FROM {name} WHERE {' AND '.join(where)}"


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, first: datetime) -> Counter[tuple[tuple[str, Any], ...]]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return Counter(
        tuple((name, _value(name, value, first)) for name, value in zip(names, row, strict=True))
        for row in cursor.fetchall()
    )


def _value(name: str, value: Any, first: datetime) -> Any:
    if isinstance(value, datetime) and name not in SENT_TIMES:
        return "in the first sync" if value <= first else "later"
    return PORT.sub("", value) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


def difference(expected: Found, found: Found) -> dict[str, str]:
    """A short list of missing and surplus rows, by table or view."""
    return {
        name: f"missing {_short(rows - found[name])}, too much {_short(found[name] - rows)}"
        for name, rows in expected.items()
        if rows != found[name]
    }


def _short(rows: Counter[tuple[tuple[str, Any], ...]]) -> str:
    shown = [{name: value for name, value in row if len(str(value)) < 80} for row in rows]
    return f"{rows.total()}: {shown[:1]}" if rows else "nothing"


def states(lake: Lake) -> States:
    """What each playlist holds now, in order."""
    with lake.open() as connection:
        rows = connection.execute(
            "SELECT playlist_id, list((item_uri, added_at, added_by_id) ORDER BY position) FROM playlist_items "
            "GROUP BY playlist_id"
        ).fetchall()
    return dict(rows)


def facts(lake: Lake) -> dict[str, Counter[str]]:
    """All rows of the tables of facts, unchanged."""
    with lake.open() as connection:
        return {
            table.name: Counter(
                map(
                    repr,
                    connection.execute(
                        f"SELECT * EXCLUDE (_dlt_load_id) FROM {table.name} WHERE {COMPLETE}"
                    ).fetchall(),
                )
            )
            for table in TABLES
            if table.kind == "fact"
        }


def endings(lake: Lake) -> list[int]:
    """The exit codes of all runs, oldest first."""
    with lake.open() as connection:
        rows = connection.execute(f"SELECT exit_code FROM runs WHERE {COMPLETE} ORDER BY started_at").fetchall()
    return [row[0] for row in rows]
