"""DuckDB's SQL, in a file of its own or anywhere else that speaks it."""

from hashlib import sha256
from typing import Any, ClassVar

from schemas import FUNCTIONS, VIEWS, function_sql, view_sql
from sources.errors import DestinationError
from sources.stored.dialects.base import SqlDialect
from sources.stored.dlt_adapter import SqlClient

COLUMNS = """
SELECT table_name, column_name, data_type FROM information_schema.columns
JOIN information_schema.tables USING (table_catalog, table_schema, table_name)
WHERE table_schema = %s AND table_type = 'BASE TABLE' ORDER BY ALL
"""
"""What the views of a schema depend on: one made over other columns fails."""

MADE = """
SELECT view_name, comment FROM duckdb_views() WHERE schema_name = %s
UNION ALL
SELECT DISTINCT function_name, NULL FROM duckdb_functions() WHERE schema_name = %s AND function_type = 'table_macro'
"""
"""The views of a schema with their comments, and its functions."""


class DuckDBDialect(SqlDialect):
    """DuckDB's SQL. Arguments are those of `SqlDialect`."""

    __slots__ = ()

    row_id: ClassVar[str | None] = "rowid"
    has_views: ClassVar[bool] = True
    names_time_zones: ClassVar[bool] = True

    def make_views(self, client: SqlClient) -> None:
        """Replaces all views and functions at once, unless each view has the comment that it would get.

        Making them takes 40 ms of CPU time, and is a commit in a DuckLake. A function counts if it is there, since
        DuckLake has no comments on functions.

        Raises:
            DestinationError: a table of the user has the name of a view.
        """
        columns: Any = client.execute_sql(COLUMNS, client.dataset_name) or ()
        _refuse_tables(client.dataset_name, {str(row[0]) for row in columns})
        comment = _comment(columns)
        made: Any = client.execute_sql(MADE, client.dataset_name, client.dataset_name) or ()
        if (dict.fromkeys(VIEWS, comment) | dict.fromkeys(FUNCTIONS)).items() <= dict(map(tuple, made)).items():
            return
        with client.begin_transaction():
            for name in VIEWS:
                client.execute_sql(f"CREATE OR REPLACE VIEW {name} AS\n{view_sql(name)}")
                client.execute_sql(f"COMMENT ON VIEW {name} IS '{comment}'")
            for name in FUNCTIONS:
                client.execute_sql(function_sql(name, schema=client.dataset_name))


def _refuse_tables(schema: str, tables: set[str]) -> None:
    for name in VIEWS:
        if name in tables:
            msg = (
                f"The view {name} cannot be made: a table is called so. What was read is stored; rename the table "
                f"(ALTER TABLE {schema}.{name} RENAME TO another name), and sync again."
            )
            raise DestinationError(msg)


def _comment(columns: Any) -> str:
    """A text that differs where any view or function, or any column below them, does."""
    parts = [*map(view_sql, VIEWS), *map(function_sql, FUNCTIONS), *(" ".join(row) for row in columns)]
    return f"playlake {sha256(chr(10).join(parts).encode()).hexdigest()[:16]}"
