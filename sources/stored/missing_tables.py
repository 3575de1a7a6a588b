"""Creates empty tables that have no rows yet, so that every query finds them.

In a load each empty table is a job of its own, with a table to merge from, and together they took longer than a small
sync. Here they are declared in dlt's schema, as they would be by a load, and made at once.
"""

from typing import Any

import dlt
from dlt.common.schema.typing import TColumnSchema, TTableSchema

from schemas import TABLES
from schemas.spec import Table
from sources.stored.dlt_hints import columns, references
from sources.stored.losses import TYPES
from sources.stored.tables import LOAD_ID


def make_missing_tables(pipeline: dlt.Pipeline, client: Any) -> None:
    """Makes the tables and columns that the database behind a pipeline lacks.

    Args:
        pipeline: that of the lake.
        client: dlt's client of its database, connected.
    """
    present = {name: set(found) for name, found in client.get_storage_tables([table.name for table in TABLES])}
    missing = [table for table in TABLES if not _columns_of(table) <= present.get(table.name, set())]
    if not missing:
        return
    for table in missing:
        declared = _declared(table)
        if (known := client.schema.tables.get(table.name)) is not None:
            # Of an earlier version: dlt knows the table, and not all of its columns.
            new = {name: column for name, column in declared["columns"].items() if name not in known["columns"]}
            declared = {"name": table.name, "columns": new}
        client.schema.update_table(declared)
    schemas: Any = pipeline.schemas
    schemas.commit_live_schema(client.schema.name)
    client.update_stored_schema([table.name for table in missing], force=True)


def _columns_of(table: Table) -> set[str]:
    return {column.name for column in table.columns} | {LOAD_ID}


def _declared(table: Table) -> TTableSchema:
    """A table as dlt would have it after a load."""
    declared: dict[str, TColumnSchema] = columns(table, merged=True)
    for column in table.columns:
        declared[column.name]["data_type"] = TYPES[column.type]  # type: ignore[typeddict-item]
    declared[LOAD_ID] = {"name": LOAD_ID, "data_type": "text", "nullable": False}
    resource = dlt.resource(
        iter(()),
        name=table.name,
        primary_key=list(table.key),
        columns=declared,
        references=references(table),
        write_disposition="append" if table.kind == "fact" else {"disposition": "merge", "strategy": "upsert"},
    )
    return {**resource.compute_table_schema(), "description": table.description}
