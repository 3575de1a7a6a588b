"""DuckDB's SQL, in a file of its own or anywhere else that speaks it."""

from typing import ClassVar

from schemas import FUNCTIONS, VIEWS, function_sql, view_sql
from sources.errors import DestinationError
from sources.stored.dialects.base import SqlDialect
from sources.stored.dlt_adapter import SqlClient


class DuckDBDialect(SqlDialect):
    """DuckDB's SQL. Arguments are those of `SqlDialect`."""

    __slots__ = ()

    row_id: ClassVar[str | None] = "rowid"
    has_views: ClassVar[bool] = True
    names_time_zones: ClassVar[bool] = True

    def make_views(self, client: SqlClient) -> None:
        """Replaces all views at once.

        Raises:
            DestinationError: a table of the user has the name of a view.
        """
        sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = %s AND table_type <> 'VIEW'"
        tables = {row[0] for row in client.execute_sql(sql, client.dataset_name) or ()}
        for name in VIEWS:
            if name in tables:
                msg = (
                    f"The view {name} cannot be made: a table is called so. What was read is stored; rename the table "
                    f"(ALTER TABLE {client.dataset_name}.{name} RENAME TO another name), and sync again."
                )
                raise DestinationError(msg)
        with client.begin_transaction():
            for name in VIEWS:
                client.execute_sql(f"CREATE OR REPLACE VIEW {name} AS\n{view_sql(name)}")
            for name in FUNCTIONS:
                client.execute_sql(function_sql(name, schema=client.dataset_name))
