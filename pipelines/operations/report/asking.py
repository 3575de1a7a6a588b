"""Runs a query of the page: each is a file in `queries/`, with a class for its rows."""

from typing import Any, TypeVar

import duckdb
import msgspec

from pipelines.operations.query import run_sql
from pipelines.operations.report.queries import query_text

Row = TypeVar("Row")


def rows(connection: duckdb.DuckDBPyConnection, name: str, kind: type[Row]) -> list[Row]:
    """The rows of a query."""
    result = run_sql(connection, query_text(name))
    found: list[dict[str, Any]] = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    return msgspec.convert(found, list[kind])  # type: ignore[valid-type]
