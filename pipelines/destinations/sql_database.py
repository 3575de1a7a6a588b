"""What all databases have in common that answer SQL: a file of DuckDB's and a server."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from pipelines.destinations.base import Destination
from pipelines.destinations.noted_records import restore_noted
from sources.stored import load_notes

if TYPE_CHECKING:
    import dlt

    from pipelines.destinations.clock_shift import Shift


class SqlDatabase(Destination):
    """A database. Its SQL is that of its dialect (`sources.stored.dialects`). Arguments are those of `Destination`."""

    def finish(self, pipeline: "dlt.Pipeline", client: Any) -> None:
        """Makes tables without rows, notes complete loads, and makes the views."""
        from sources.stored.missing_tables import make_missing_tables

        make_missing_tables(pipeline, client)
        load_notes.note_loads(client)
        super().finish(pipeline, client)

    @classmethod
    def make_views(cls, client: Any) -> None:
        """Makes the views in the database."""
        from sources.stored.dialects import dialect_of
        from sources.stored.dlt_adapter import sql_client_of

        if (sql_client := sql_client_of(client)) is not None:
            dialect_of(sql_client).make_views(sql_client)

    @classmethod
    def missing_views(cls, client: Any) -> list[str]:
        """Names of the views that should be there and are not."""
        from sources.stored.dialects import dialect_of
        from sources.stored.dlt_adapter import sql_client_of

        sql_client = sql_client_of(client)
        return dialect_of(sql_client).missing_views(sql_client) if sql_client is not None else []

    @classmethod
    def check_records(cls, client: Any) -> None:
        """Compares the records of loads with the notes of them."""
        from sources.stored.dlt_adapter import sql_client_of

        if sql_client_of(client) is not None:
            load_notes.check_records(client)

    def repair_clock(self, client: Any, now: datetime, *, dry_run: bool) -> "Shift | None":
        """Moves times later than now back, in one transaction."""
        from pipelines.destinations.database_clock import repair_database
        from sources.stored.dlt_adapter import sql_client_of

        if sql_client_of(client) is None:
            return super().repair_clock(client, now, dry_run=dry_run)
        return repair_database(client, now, dry_run=dry_run)

    def restore_records(self) -> int:
        """Writes lost records of complete loads again. Errors are those of `restore_noted`."""
        return restore_noted(self)
