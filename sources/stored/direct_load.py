"""Stores few rows in DuckDB as a complete load, in one transaction in place of a dlt run with its many steps."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from dlt.common.storages.load_package import create_load_id

from sources.stored.duckdb_merge import write_sql
from sources.stored.load_id import TableRows, with_load_id
from sources.stored.load_tables import LOADS
from sources.stored.small_tables import shown


def store(client: Any, rows: Iterable[TableRows], then: Callable[[], None] = lambda: None) -> None:
    """Writes rows to their tables, and the record of a complete load to dlt's.

    Args:
        client: dlt's client of a DuckDB database, connected.
        rows: of tables that are there with all columns; no key comes twice in a batch.
        then: what else belongs to the transaction, when all is written.
    """
    sql, load_id = client.sql_client, create_load_id()
    connection = sql.native_connection
    with sql.begin_transaction():
        for table, batch in rows:
            with shown(connection, "rows_to_store", with_load_id(batch, load_id)):
                connection.execute(
                    write_sql(
                        sql.make_qualified_table_name(table.name),
                        "FROM rows_to_store",
                        key=() if table.kind == "fact" else table.key,
                        removed=("removed",) if table.kind == "child" else (),
                    )
                )
        loads = sql.make_qualified_table_name(LOADS)
        # The tables have not changed, and so neither has the hash of their schema.
        connection.execute(
            f"INSERT INTO {loads} (load_id, schema_name, status, inserted_at, schema_version_hash) "  # noqa: S608 (names are our own)
            "SELECT ?, 'spotify', 0, ?, "
            f"(SELECT arg_max(schema_version_hash, inserted_at) FROM {loads} WHERE schema_name = 'spotify')",
            [load_id, datetime.now(UTC)],
        )
        then()
