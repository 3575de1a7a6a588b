"""What databases say differently in SQL: one class for each dialect, found by dlt's client."""

from typing import Any

from sources.stored.dialects.base import SqlDialect
from sources.stored.dialects.duckdb import DuckDBDialect
from sources.stored.dialects.postgres import PostgresDialect

__all__ = ["DUCKDB", "POSTGRES", "SqlDialect", "dialect_of"]

DUCKDB = DuckDBDialect("duckdb")
"""The dialect of files, too, which DuckDB reads."""

POSTGRES = PostgresDialect("postgres")

_DIALECTS: dict[str, SqlDialect] = {dialect.name: dialect for dialect in (DUCKDB, POSTGRES)}


def dialect_of(client: Any) -> SqlDialect:
    """The dialect of the database that a client of dlt's is connected to; one that only has a name for all others.

    Args:
        client: anything with dlt's `capabilities`, which say the dialect as sqlglot calls it.
    """
    name = str(client.capabilities.sqlglot_dialect)
    return _DIALECTS.get(name, SqlDialect(name))
