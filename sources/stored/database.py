"""The tables of a DuckDB database."""

import duckdb

from schemas import TABLES
from schemas.lake import SQL_TYPES


def tables_of(connection: duckdb.DuckDBPyConnection, schema: str) -> tuple[set[str], set[str]]:
    """The tables of a database, and those that lack columns, which then all have them for this connection."""
    rows = connection.execute(
        "SELECT table_name, list(column_name) FROM information_schema.columns JOIN information_schema.tables "
        "USING (table_catalog, table_schema, table_name) WHERE table_schema = ? AND table_type = 'BASE TABLE' "
        "GROUP BY table_name",
        [schema],
    ).fetchall()
    present = {name: set(columns) for name, columns in rows}
    narrow = set()
    for table in TABLES:
        lacking = [c for c in table.columns if table.name in present and c.name not in present[table.name]]
        if lacking:
            narrow.add(table.name)
            # The next load adds them for good; a temporary view takes precedence over a table of its name.
            nulls = ", ".join(f"NULL::{SQL_TYPES[column.type]} AS {column.name}" for column in lacking)
            connection.execute(
                f'CREATE OR REPLACE TEMP VIEW {table.name} AS SELECT *, {nulls} FROM "{schema}".{table.name}'  # noqa: S608
            )
    return set(present), narrow
