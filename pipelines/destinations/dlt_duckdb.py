"""dlt's DuckDB destination, except for how a file of rows gets into its table.

Rows come to DuckDB as Parquet files from dlt's working folder. dlt names them as a pattern, so that a folder called
`user_id=1` on the way would fill a column of that name, and an apostrophe or an asterisk would break the statement.

Rows that replace earlier ones go straight into their table in one statement, which may be repeated after a kill. dlt
would copy them into a table of a second schema first, and merge and truncate that in jobs of their own.

dlt opens the database for each file again, and DuckDB writes all of a checkpoint when it is closed: for the dozen small
files of a sync that finds little, that was a third of its time. So the database stays open from the first small file
of a load to the end of that load. Between loads it is free for others.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import dlt
import duckdb
from dlt.common.destination import DestinationCapabilitiesContext
from dlt.common.destination.client import FollowupJobRequest, LoadJob
from dlt.common.destination.typing import PreparedTableSchema
from dlt.common.schema import Schema
from dlt.common.schema.utils import get_columns_names_with_prop
from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.impl.duckdb.duck import DuckDbClient, DuckDbCopyJob
from dlt.destinations.impl.duckdb.sql_client import DuckDbSqlClient

from pipelines.destinations.cached_configuration import CachedConfiguration
from schemas.lake import PATHS_SAY_NOTHING, literal, text
from sources.stored.duckdb_merge import write_sql

if TYPE_CHECKING:
    from dlt.common.schema.typing import TTableSchema


class DatabaseFile(CachedConfiguration, dlt.destinations.duckdb):
    """The destination, under dlt's own name."""

    destination_type = "dlt.destinations.duckdb"
    _kept: DuckDbSqlClient | None = None

    def _raw_capabilities(self) -> DestinationCapabilitiesContext:
        """Those of dlt, but one job at a time: settings of one would hold for the other, and need twice the memory."""
        capabilities = super()._raw_capabilities()
        capabilities.loader_parallelism_strategy = "sequential"
        return capabilities

    @property
    def client_class(self) -> type[DuckDbClient]:
        """The client that connects and loads."""
        return _Client

    def client(self, schema: Schema, initial_config: Any = None) -> Any:
        """One of the clients, which knows the destination that it is of."""
        made = super().client(schema, initial_config)
        made.destination = self
        return made

    def keep_open(self, client: DuckDbClient) -> None:
        """Keeps the database open as a client opens it. If that cannot be, the next job meets the error itself."""
        if self._kept is not None:
            return
        known = client.sql_client
        kept = DuckDbSqlClient(known.dataset_name, known.staging_dataset_name, known.credentials, known.capabilities)
        with suppress(duckdb.Error, DatabaseException):
            kept.open_connection()
            self._kept = kept

    def release(self) -> None:
        """Lets the database be closed by whoever uses it last."""
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close_connection()


class _Client(DuckDbClient):
    destination: DatabaseFile

    def should_load_data_to_staging_dataset(self, table_name: str) -> bool:  # noqa: ARG002
        return False

    def _create_merge_followup_jobs(self, table_chain: Sequence[PreparedTableSchema]) -> list[FollowupJobRequest]:  # noqa: ARG002
        return []

    def create_load_job(
        self, table: PreparedTableSchema, file_path: str, load_id: str, restore: bool = False
    ) -> LoadJob:
        job = super().create_load_job(table, file_path, load_id, restore)
        if _is_large(file_path):
            # What is written stays in memory until the database is closed.
            self.destination.release()
        else:
            self.destination.keep_open(self)
        return _CopyJob(file_path) if type(job) is DuckDbCopyJob and file_path.endswith(".parquet") else job

    def complete_load(self, load_id: str) -> None:
        try:
            super().complete_load(load_id)
        finally:
            self.destination.release()


FRUGAL = {"threads": "1"}
"""Settings while much is written: each thread would have a part of the table in memory."""
FRUGAL_TABLES = {"plays": {"threads": "1", "preserve_insertion_order": "false", "memory_limit": "'80MB'"}}
"""Tables that hundreds of thousands of rows may come to at once, with the settings for that: left alone, DuckDB keeps
all that it has written in memory until it is done. They hold for the whole database, so only while much is written."""
MUCH = 1 << 20
"""Bytes of a file from which on that is so: an import's; a sync's plays are 50, beside other tables' rows."""


def _is_large(file: str) -> bool:
    return Path(file).stat().st_size > MUCH


class _CopyJob(DuckDbCopyJob):
    _job_client: _Client

    def run(self) -> None:
        client = cast("Any", self._job_client.sql_client)
        file = text(literal(self._file_path))
        settings = FRUGAL_TABLES.get(self.load_table_name, FRUGAL) if _is_large(self._file_path) else {}
        for name, value in settings.items():
            client.execute_sql(f"SET GLOBAL {name} = {value}")
        try:
            client.execute_sql(self._statement(client, file))
        except Exception:
            # What comes next may want to read only.
            self._job_client.destination.release()
            raise
        finally:
            for name in settings:
                client.execute_sql(f"RESET GLOBAL {name}")

    def _statement(self, client: Any, file: str) -> str:
        """The statements that load a file into its table. A file has no duplicate keys."""
        table = client.make_qualified_table_name(self.load_table_name)
        rows = f"SELECT * FROM read_parquet({file}, union_by_name = true, {PATHS_SAY_NOTHING})"  # noqa: S608
        declared = cast("TTableSchema", self._load_table)
        if declared["write_disposition"] != "merge" or not client.execute_sql(f"SELECT 1 FROM {table} LIMIT 1"):  # noqa: S608
            # Looking for rows in an empty table would hold all new ones in memory.
            return write_sql(table, rows)
        key = get_columns_names_with_prop(declared, "primary_key")
        return write_sql(table, rows, key=key, removed=get_columns_names_with_prop(declared, "hard_delete"))
