"""Postgres' SQL."""

import re
from typing import ClassVar

from schemas import FUNCTIONS, VIEWS, function_sql, view_sql
from sources.errors import DestinationError
from sources.stored.dialects.base import SqlDialect
from sources.stored.dlt_adapter import DatabaseException, SqlClient


class PostgresDialect(SqlDialect):
    """Postgres' SQL. Arguments are those of `SqlDialect`."""

    __slots__ = ()

    row_id: ClassVar[str | None] = "ctid"
    has_views: ClassVar[bool] = True
    views_block_changes: ClassVar[bool] = True
    has_distinct_on: ClassVar[bool] = True
    names_time_zones: ClassVar[bool] = True

    def json_length(self, column: str) -> str:
        """An expression for how many elements a column of JSON lists has."""
        return f"jsonb_array_length({column})"

    def scaled_time(self, column: str, origin: str, ratio: float) -> str:
        """An expression for a time whose distance from an origin is multiplied."""
        return f"{origin} + ({column} - {origin}) * {ratio!r}"

    def make_views(self, client: SqlClient) -> None:
        """Replaces the views one by one, then the functions over them.

        Raises:
            DestinationError: a view of the user depends on the old view, or the database user may not create views.
        """
        for name in VIEWS:
            _make_view(client, name)
        for name in FUNCTIONS:
            client.execute_sql(function_sql(name, "postgres"))


def _make_view(client: SqlClient, name: str) -> None:
    """Replaces a view, or makes it again where its columns are no longer those; views that depend on it are left alone.

    Raises:
        DestinationError: a view of the user depends on the old view, or the database user may not create views.
    """
    sql = view_sql(name, "postgres")
    try:
        client.execute_sql(f"CREATE OR REPLACE VIEW {name} AS\n{sql}")
    except DatabaseException:
        try:
            with client.begin_transaction():
                for function in FUNCTIONS:
                    client.execute_sql(f"DROP FUNCTION IF EXISTS {function}")
                # Ours that depend on it come next, and are made again.
                for later in reversed(VIEWS[VIEWS.index(name) + 1 :]):
                    if _reads_views(later):
                        client.execute_sql(f"DROP VIEW IF EXISTS {later}")
                client.execute_sql(f"DROP VIEW {name}")
                client.execute_sql(f"CREATE VIEW {name} AS\n{sql}")
        except DatabaseException as error:
            reason = str(error).strip().partition("\n")[0]
            msg = f"The view {name} cannot be brought up to date ({reason}): drop what depends on it, and sync again."
            raise DestinationError(msg) from None


def _reads_views(name: str) -> bool:
    sql = view_sql(name, "postgres")
    return any(re.search(rf"\b{other}\b", sql) for other in VIEWS if other != name)
