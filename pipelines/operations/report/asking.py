"""How a question of the page is asked: one query a file in `queries/`, one class for its rows."""

from importlib import resources
from typing import Any, TypeVar

import duckdb
import msgspec

from pipelines.operations.query import run_sql

PACKAGE = __name__.rpartition(".")[0]
"""Where `queries/` is."""

Row = TypeVar("Row")


def query(name: str) -> str:
    """The SQL of a question."""
    return resources.files(PACKAGE).joinpath("queries", f"{name}.sql").read_text(encoding="utf-8")


def rows(connection: duckdb.DuckDBPyConnection, name: str, kind: type[Row]) -> list[Row]:
    """The answer to a question."""
    result = run_sql(connection, query(name))
    found: list[dict[str, Any]] = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    return msgspec.convert(found, list[kind])  # type: ignore[valid-type]
