"""Finds tables and columns that were lost, or whose type changed, without dlt's knowing it.

dlt believes its record of the schema, and so would write to what is not there. What was lost is found by comparing that
record with the destination, before anything is read.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from dlt.common.destination.exceptions import DestinationUndefinedEntity
from dlt.destinations.impl.filesystem.filesystem import FilesystemClient
from dlt.destinations.sql_client import WithSqlClient

from schemas import TABLES
from schemas.spec import BYTES, DATE, FLAG, FLOAT, INT, KEYS, TEXT, TIME, URIS
from sources.stored.dialects import dialect_of
from sources.stored.files import lake_files
from sources.stored.lake_folder import LakeFiles
from sources.stored.tables import LOAD_ID

SCHEMA = "spotify"
VERSION = "_dlt_version"

TYPES: dict[pa.DataType, str] = {
    TEXT: "text",
    INT: "bigint",
    FLOAT: "double",
    FLAG: "bool",
    BYTES: "binary",
    DATE: "date",
    TIME: "timestamp",
    KEYS: "json",
    URIS: "json",
}
"""dlt's names of the types."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A lost table or column, or one whose type changed.

    Attributes:
        table: one of playlake's tables.
        column: the column; null if the whole table is gone.
        was_changed: the column is there, with another type.
    """

    table: str
    column: str | None = None
    was_changed: bool = False

    def __str__(self) -> str:
        if self.column is None:
            return f"table {self.table}"
        return f"{'type of ' if self.was_changed else ''}column {self.table}.{self.column}"


def describe_losses(found: Collection[Loss]) -> str:
    """In a sentence."""
    return f"The destination has lost {', '.join(map(str, found))}, or somebody has changed it."


def losses(client: Any, listing: LakeFiles | None = None) -> list[Loss]:
    """What dlt has made and the destination no longer holds; nothing where dlt's own record is lost too.

    Args:
        client: dlt's client of the destination.
        listing: the files of a folder or bucket, if they were listed just now.
    """
    recorded = _recorded(client)
    if not recorded:
        return []
    if isinstance(client, FilesystemClient):
        present = lake_files(client, listing)
        # Without records of loads there are no tables at all, which is reported elsewhere.
        return [Loss(name) for name in recorded if name not in present and present]
    if not isinstance(client, WithSqlClient):
        return []
    return list(_lost_in_database(client, recorded))


def _recorded(client: Any) -> dict[str, set[str]]:
    """Our tables with their columns, as dlt believes them to be there."""
    stored = _schema_in_files(client) if isinstance(client, FilesystemClient) else _schema_in_database(client)
    if stored is None:
        return {}
    tables = json.loads(stored)["tables"]
    ours = {table.name for table in TABLES}
    return {name: set(table["columns"]) for name, table in tables.items() if name in ours and table.get("columns")}


def _schema_in_database(client: Any) -> str | None:
    """The fullest of the schemas that dlt has recorded: one from an empty working folder knows only what it wrote."""
    table = client.sql_client.make_qualified_table_name(VERSION)
    sql = f"SELECT version_hash FROM {table} WHERE schema_name = %s ORDER BY length(schema) DESC LIMIT 1"  # noqa: S608
    try:
        rows = client.sql_client.execute_sql(sql, SCHEMA)
    except DestinationUndefinedEntity:
        return None
    return str(client.get_stored_schema_by_hash(rows[0][0]).schema) if rows else None


def _schema_in_files(client: FilesystemClient) -> str | None:
    """The same for a folder or bucket."""
    found = client.fs_client.glob(f"{client.dataset_path}{VERSION}/{SCHEMA}__*.jsonl", detail=True)
    if not found:
        return None
    path = max(found, key=lambda path: int(found[path]["size"]))
    return str(json.loads(client.fs_client.cat_file(path))["schema"])


def columns_of(client: Any, name: str) -> dict[str, Any]:
    """The columns of a database's table, with dlt's names of their types; none if there is no such table."""
    return dict(dict(client.get_storage_tables([name]))[name])


def _lost_in_database(client: Any, recorded: dict[str, set[str]]) -> Iterator[Loss]:
    present = dict(client.get_storage_tables(list(recorded)))
    if not any(present.values()):
        # A dataset that nobody has begun, or that was emptied on purpose: dlt makes all of it.
        return
    by_name = {table.name: table for table in TABLES}
    naive = _without_zone(client)
    for name, columns in recorded.items():
        if not present.get(name):
            yield Loss(name)
            continue
        types = {column.name: TYPES[column.type] for column in by_name[name].columns} | {LOAD_ID: "text"}
        for column in sorted(columns & types.keys()):
            there = present[name].get(column)
            if there is None:
                yield Loss(name, column)
            elif _is_other(there, types[column]) or (name, column) in naive:
                yield Loss(name, column, was_changed=True)


def _without_zone(client: Any) -> set[tuple[str, str]]:
    """Time columns without a time zone, which dlt does not distinguish from those with one."""
    if not dialect_of(client).names_time_zones:
        return set()
    sql = (
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = %s "
        "AND left(lower(data_type), 9) = 'timestamp' AND position('with time zone' IN lower(data_type)) = 0"
    )
    return {(row[0], row[1]) for row in client.sql_client.execute_sql(sql, client.sql_client.dataset_name) or ()}


def _is_other(there: Any, wanted: str) -> bool:
    """Whether a column's type is none that holds all that is written."""
    if there.get("data_type") != wanted:
        return True
    return wanted == "bigint" and (there.get("precision") or 64) < 64
