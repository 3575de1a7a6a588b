"""Moves times of the future back in a database: one UPDATE for each column of times, in one transaction."""

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pipelines.destinations.clock_shift import PROMISED, SENT, Shift, extremes, find_shift
from schemas import TABLES
from schemas.spec import TIME
from sources.stored.dialects import dialect_of
from sources.stored.load_tables import LOADS, NOTES
from sources.stored.tables import LOAD_ID

OWN = (
    *((table.name, column.name) for table in TABLES for column in table.columns if column.type == TIME),
    (LOADS, "inserted_at"),
    (NOTES, "inserted_at"),
    ("_dlt_pipeline_state", "created_at"),
    ("_dlt_version", "inserted_at"),
)
"""Tables and their columns of times, dlt's own too."""

log = logging.getLogger("playlake")


def repair_database(client: Any, now: datetime, *, dry_run: bool) -> Shift | None:
    """Moves what is later than now; arguments and result are those of `Destination.repair_clock`."""
    sql = client.sql_client
    present = dict(client.get_storage_tables(sorted({name for name, _ in OWN} | {table.name for table in TABLES})))
    own = [(table, column) for table, column in OWN if column in present.get(table, ()) and column not in SENT]
    if LOADS not in {table for table, _ in own}:
        return None

    def times() -> Iterator[datetime]:
        for table, column in own:
            if column != PROMISED:
                yield from (time for row in sql.execute_sql(extremes(table, column, now)) for time in row if time)

    loads = (row[0] for row in sql.execute_sql(f"SELECT load_id FROM {LOADS}"))  # noqa: S608 (names are our own)
    shift = find_shift(loads, times(), now)
    if shift is None or dry_run:
        return shift
    dialect = dialect_of(client)
    with sql.begin_transaction():
        for table, column in own:
            moved = f"{column} = {shift.sql(column, dialect)}"
            sql.execute_sql(f"UPDATE {table} SET {moved} WHERE {shift.condition(column)}")  # noqa: S608
        for load_id in shift.loads:
            for table in (name for name, columns in present.items() if LOAD_ID in columns):
                sql.execute_sql(
                    f"UPDATE {table} SET {LOAD_ID} = %s WHERE {LOAD_ID} = %s",  # noqa: S608
                    shift.load_id(load_id),
                    load_id,
                )
            if present.get(NOTES):
                sql.execute_sql(f"UPDATE {NOTES} SET load_id = %s WHERE load_id = %s", shift.load_id(load_id), load_id)  # noqa: S608
            sql.execute_sql(f"UPDATE {LOADS} SET load_id = %s WHERE load_id = %s", shift.load_id(load_id), load_id)  # noqa: S608
    log.info("Moved %s", shift)
    return shift
