"""One of two machines that take orders about one lake: `python -m tests.concurrency.machine`, with itself as JSON.

Each line of its input is an order, and each line of its output how that ended: the exit code, and what was wrong.
"""

import json
import socket
import sys
from collections.abc import Mapping
from typing import Any

from dlt.destinations.impl.ducklake.configuration import DEFAULT_DUCKLAKE_NAME

from pipelines.destinations.ducklake import DuckLake
from pipelines.destinations.lake import Lake
from pipelines.destinations.parquet.maintenance import compact
from pipelines.sync.service import sync
from sources.errors import PlaylakeError
from sources.stored.dlt_adapter import DatabaseException


def main(machine: Mapping[str, Any]) -> None:
    """Obeys until its input ends."""
    socket.gethostname = lambda: str(machine["host"])
    lake = Lake(*machine["lake"])
    for order in sys.stdin:
        code, said = 0, ""
        try:
            if order.strip() == "sync":
                code = sync(lake=lake, **machine["settings"]).exit_code
            else:
                _compact(lake)
        except PlaylakeError as error:
            code, said = error.exit_code, str(error)
        except Exception as error:  # as the command line, which goes on to say so
            code, said = 1, repr(error)
        sys.stdout.write(json.dumps([code, said]) + "\n")
        sys.stdout.flush()


def _compact(lake: Lake) -> None:
    if not isinstance(lake.backend, DuckLake):
        compact(lake)
        return
    # A DuckLake is merged by DuckDB: https://ducklake.select/docs/stable/duckdb/maintenance/merge_adjacent_files.
    with lake.backend.reached() as client:
        try:
            client.sql_client.execute_sql(f"CALL ducklake_flush_inlined_data('{DEFAULT_DUCKLAKE_NAME}')")
            client.sql_client.execute_sql(f"CALL ducklake_merge_adjacent_files('{DEFAULT_DUCKLAKE_NAME}')")
        except DatabaseException as error:
            if (lost := lake.backend.damage_in_load([error])) is None:
                raise
            raise lost from None


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
