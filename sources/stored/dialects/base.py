"""The interface of dialects, and what is known of a database that none was written for: almost nothing."""

import logging
from dataclasses import dataclass
from typing import Any, ClassVar

from schemas import VIEWS
from sources.stored.dlt_adapter import SqlClient

log = logging.getLogger("playlake")


@dataclass(frozen=True, slots=True)
class SqlDialect:
    """A database's SQL, as far as it differs from that of others.

    Attributes:
        name: as sqlglot calls it.
        row_id: the expression for where a row is, by which equal rows are distinguished; null if there is none.
        has_views: whether playlake's views are written for it.
        views_block_changes: whether a view keeps the columns that it reads from being changed.
        has_distinct_on: whether it has `DISTINCT ON` and `jsonb_array_elements_text`, as Postgres.
        names_time_zones: whether `information_schema` tells times with a time zone from those without.
    """

    name: str

    row_id: ClassVar[str | None] = None
    has_views: ClassVar[bool] = False
    views_block_changes: ClassVar[bool] = False
    has_distinct_on: ClassVar[bool] = False
    names_time_zones: ClassVar[bool] = False

    def json_length(self, column: str) -> str:
        """An expression for how many elements a column of JSON lists has."""
        return f"json_array_length({column})"

    def scaled_time(self, column: str, origin: str, ratio: float) -> str:
        """An expression for a time whose distance from an origin is multiplied.

        Args:
            column: the time.
            origin: an expression for the origin.
            ratio: the factor.
        """
        after = f"CAST((epoch_us({column}) - epoch_us({origin})) * {ratio!r} AS BIGINT)"
        return f"{origin} + to_microseconds({after})"

    def make_views(self, client: SqlClient) -> None:  # noqa: ARG002 (there are none)
        """Makes the views in the schema that a client is connected to; idempotent.

        Raises:
            DestinationError: a view cannot be made.
        """
        log.warning("The views are written for DuckDB and Postgres, not for %s: there are only the tables", self.name)

    def missing_views(self, client: SqlClient) -> list[str]:
        """Names of the views that should be there and are not."""
        if not self.has_views:
            return []
        sql = "SELECT table_name FROM information_schema.views WHERE table_schema = %s"
        rows: Any = client.execute_sql(sql, client.dataset_name) or ()
        present = {row[0] for row in rows}
        return [name for name in VIEWS if name not in present]
