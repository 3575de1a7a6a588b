"""A database's loads that were complete, noted in a table of our own.

dlt writes a load's rows, then its record into `_dlt_loads`; rows of loads without a record do not count. With the notes
a record that is lost (a partial copy, a DELETE) is distinguished from a load that never completed.
"""

from collections.abc import Sequence
from typing import Any

import duckdb

from sources.errors import DestinationError
from sources.stored.load_tables import LOADS, NOTES

_COLUMNS = "load_id, schema_name, status, inserted_at, schema_version_hash"
_OURS = "schema_name = 'spotify' AND status = 0"
_NOTED = f"load_id IN (SELECT load_id FROM {NOTES})"  # noqa: S608 (names are our own)
_RECORDED = f"load_id IN (SELECT load_id FROM {LOADS})"  # noqa: S608 (names are our own)


def note_loads(client: Any) -> None:
    """Notes the loads that are complete.

    Args:
        client: dlt's client of a database, connected, whose search path is the dataset.
    """
    sql = client.sql_client
    sql.execute_sql(f"CREATE TABLE IF NOT EXISTS {NOTES} AS SELECT {_COLUMNS} FROM {LOADS} WHERE {_OURS}")  # noqa: S608
    sql.execute_sql(
        f"INSERT INTO {NOTES} SELECT {_COLUMNS} FROM {LOADS} WHERE {_OURS} AND NOT {_NOTED}"  # noqa: S608
    )


def lost_records(client: Any) -> list[str]:
    """Ids of the loads that were complete once and have no record any more; none where nothing was ever noted."""
    from dlt.destinations.exceptions import DatabaseUndefinedRelation

    sql = client.sql_client
    try:
        return [row[0] for row in sql.execute_sql(f"SELECT load_id FROM {NOTES} WHERE NOT {_RECORDED} ORDER BY 1")]  # noqa: S608
    except DatabaseUndefinedRelation:
        try:
            return [row[0] for row in sql.execute_sql(f"SELECT load_id FROM {NOTES} ORDER BY 1")]  # noqa: S608
        except DatabaseUndefinedRelation:
            return []


def lost_in(connection: duckdb.DuckDBPyConnection, schema: str) -> list[str]:
    """The same, asked of a DuckDB connection whose search path is the dataset.

    Raises:
        DestinationError: the whole table of records is gone, so that no view can be read.
    """
    sql = "SELECT table_name FROM duckdb_tables() WHERE schema_name = ? AND table_name IN (?, ?)"
    present = {name for (name,) in connection.execute(sql, [schema, LOADS, NOTES]).fetchall()}
    if NOTES not in present:
        return []
    where = f" WHERE NOT {_RECORDED}" if LOADS in present else ""
    found = connection.execute(f"SELECT load_id FROM {NOTES}{where} ORDER BY 1").fetchall()  # noqa: S608
    lost = [load_id for (load_id,) in found]
    if lost and LOADS not in present:
        raise _refusal(lost, schema)
    return lost


def check_records(client: Any) -> None:
    """Refuses a database of which some loads would be taken for incomplete, as if they had never been.

    Raises:
        DestinationError: records are lost.
    """
    if lost := lost_records(client):
        raise _refusal(lost, client.sql_client.dataset_name)


def _refusal(lost: Sequence[str], schema: str) -> DestinationError:
    return DestinationError(
        f"The records of {len(lost)} loads are missing from {schema}.{LOADS} (first {lost[0]}), so their rows would "
        "not count: nothing was changed. playlake compact --restore-records writes them again."
    )


def restore_records(client: Any) -> int:
    """Writes lost records again; returns how many."""
    lost = lost_records(client)
    if lost:
        sql = client.sql_client
        sql.execute_sql(f"CREATE TABLE IF NOT EXISTS {LOADS} AS SELECT {_COLUMNS} FROM {NOTES} WHERE 1 = 0")  # noqa: S608
        sql.execute_sql(
            f"INSERT INTO {LOADS} ({_COLUMNS}) SELECT {_COLUMNS} FROM {NOTES} WHERE NOT {_RECORDED}"  # noqa: S608
        )
    return len(lost)
