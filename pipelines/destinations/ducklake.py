"""A DuckLake (https://ducklake.select): Parquet files whose list is in a database, the catalogue."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from pipelines.destinations.compaction_result import Compaction
from pipelines.destinations.database import Database
from pipelines.destinations.dlt_errors import first_line
from pipelines.destinations.sync_lock import sync_lock
from sources.errors import ConfigurationError, DestinationError, PlaylakeError, TryLaterError
from sources.stored import load_notes
from sources.stored.dlt_adapter import DatabaseException

if TYPE_CHECKING:
    import dlt

    from sources.stored.load_id import TableRows

LOST_COMMIT = (
    "Failed to commit DuckLake transaction",
    "Failed to delete flushed inlined data",
    "could not serialize access",
)
"""What DuckDB says where somebody else's commit came first and the transaction cannot follow it
(https://ducklake.select/docs/stable/duckdb/advanced_features/conflict_resolution), and what the catalogue's Postgres
says (https://www.postgresql.org/docs/current/transaction-iso.html)."""

ON_POSTGRES = ("postgres", "postgresql")
"""Names of drivers: catalogues that several machines can write to."""


class DuckLake(Database):
    """A schema of a DuckLake. Arguments are those of `Destination`."""

    @contextmanager
    def exclusive_lock(self) -> Iterator[None]:
        """Sees to it that no other machine syncs into the dataset.

        DuckLake itself lets several write, but dlt merges through tables of its own, which two loads at once would take
        from each other. The lock is one of the catalogue's Postgres, and ends with its connection. Other catalogues are
        files, which one process at a time may open.

        Raises:
            ConfigurationError: as of `reached`, or the extra `postgres` is not installed.
            DestinationError: as of `reached`.
            TryLaterError: another sync is under way.
        """
        with self.reached() as client:
            credentials = client.config.credentials
        if credentials.catalog.drivername not in ON_POSTGRES:
            yield
            return
        with closing(_connected(credentials.catalog)) as connection, connection.cursor() as cursor:
            lake = f"{credentials.metadata_schema or credentials.ducklake_name}.{self.dataset}"
            cursor.execute("SELECT pg_try_advisory_lock(hashtext('playlake'), hashtext(%s))", [lake])
            [(is_free,)] = cursor.fetchall()
            if not is_free:
                msg = f"Another sync is writing to {self.name}, dataset {self.dataset}: try again when it is done."
                raise TryLaterError(msg)
            yield

    def store(self, pipeline: "dlt.Pipeline", rows: "Iterable[TableRows]") -> bool:
        """Writes them and the note on them in one transaction, which is one commit."""
        from sources.stored.direct_load import store

        with pipeline.destination_client() as client:
            store(client, rows, partial(load_notes.note_loads, client))
            self.make_views(client)
        return True

    def compact(self, orphan_age: timedelta) -> Compaction:  # noqa: ARG002 (DuckLake knows which files are of no load)
        """Writes rows that are in the catalogue to files, and merges the files of each table.

        It takes the lock of a sync: where a transaction deletes rows of a file that is merged before it commits,
        DuckLake keeps both the rows that were deleted and those that replace them.
        """
        with sync_lock(self), self.reached() as client:
            try:
                tables = _Tables(client, self.dataset)
                if not tables.names:
                    msg = f"There are no tables in {self.name}, dataset {self.dataset}: run playlake sync first."
                    raise DestinationError(msg)
                tables.flush()
                before = tables.sizes()
                tables.merge()
                after = tables.sizes()
            except DatabaseException as error:
                raise self.damage_in_load([error]) or DestinationError(
                    f"{self.name}, dataset {self.dataset}, could not be compacted: {first_line(error)}"
                ) from None
        return Compaction(len(before), len(after), sum(before), sum(after))

    def damage_in_load(self, causes: Sequence[BaseException]) -> PlaylakeError | None:
        """The error for a commit that was lost to somebody else's; null if none was."""
        if any(text in str(cause) for text in LOST_COMMIT for cause in causes):
            msg = (
                f"Another program changed {self.name}, dataset {self.dataset}, at the same time, and its commit won: "
                "nothing that was stored is lost, and the next sync reads again what is missing."
            )
            return TryLaterError(msg)
        return None


class _Tables:
    """The tables of a dataset in a DuckLake: others in the same catalogue may be written by somebody else.

    Args:
        client: dlt's client for it, connected.
        dataset: the schema.
    """

    def __init__(self, client: Any, dataset: str) -> None:
        self._execute, self._literal = client.sql_client.execute_sql, client.capabilities.escape_literal
        self._lake, self._schema = map(self._literal, (client.config.credentials.ducklake_name, dataset))
        found = self._execute(
            "SELECT table_name FROM information_schema.tables "  # noqa: S608 (a literal)
            f"WHERE table_schema = {self._schema} AND table_type = 'BASE TABLE' ORDER BY 1"
        )
        self.names = [str(name) for (name,) in found]

    def sizes(self) -> list[int]:
        """The bytes of each file (https://ducklake.select/docs/stable/duckdb/metadata/list_files)."""
        listed = "SELECT data_file_size_bytes FROM ducklake_list_files({}, {}, schema => {})"
        return [
            int(size)
            for name in self.names
            for (size,) in self._execute(listed.format(self._lake, self._literal(name), self._schema))
        ]

    def flush(self) -> None:
        """Writes rows that are in the catalogue to files (https://ducklake.select/docs/stable/duckdb/advanced_features/data_inlining).

        Raises:
            DatabaseException: somebody else's commit came first, or the catalogue does not answer.
        """
        self._execute(f"CALL ducklake_flush_inlined_data({self._lake}, schema_name => {self._schema})")

    def merge(self) -> None:
        """Makes few files of many (https://ducklake.select/docs/stable/duckdb/maintenance/merge_adjacent_files).

        Raises:
            DatabaseException: as of `flush`.
        """
        for name in self.names:
            table = self._literal(name)
            self._execute(f"CALL ducklake_merge_adjacent_files({self._lake}, {table}, schema => {self._schema})")


def _connected(catalog: Any) -> Any:
    """A connection to the catalogue's Postgres, in which each statement is committed by itself.

    Raises:
        ConfigurationError: the extra `postgres` is not installed.
        DestinationError: the catalogue cannot be reached.
    """
    try:
        import psycopg2
    except ImportError:
        msg = "A DuckLake with a catalogue in Postgres needs the extra postgres: uv tool install '.[postgres]'."
        raise ConfigurationError(msg) from None
    try:
        connection = psycopg2.connect(
            host=catalog.host,
            port=catalog.port,
            user=catalog.username,
            password=catalog.password,
            dbname=catalog.database,
            **(catalog.query or {}),
        )
    except psycopg2.Error as error:
        msg = f"The catalogue of the DuckLake cannot be reached: {first_line(error)}"
        raise DestinationError(msg) from None
    connection.autocommit = True
    return connection
