"""One of two commands that run at once: `python -m tests.concurrency.child` with what it does as JSON."""

import json
import socket
import sys
from typing import Any

from pipelines.destinations.lake import Lake
from pipelines.destinations.parquet import maintenance
from pipelines.operations.query import query
from pipelines.sync.service import sync
from sources.errors import PlaylakeError


def main(argument: dict[str, Any]) -> int:
    """Runs it.

    Returns:
        The exit code that the command line would have.
    """
    socket.gethostname = lambda: str(argument["host"])
    lake, command = Lake(*argument["lake"]), str(argument["command"])
    try:
        if command == "compact":
            lake.compact()
        elif command == "query":
            for _ in range(5):
                query(lake, "SELECT count(*) FROM playlist_changes")
        else:
            if command.startswith("compacting"):
                maintenance.MANY_FILES = 2
            return sync(lake=lake, covers="--covers" in command, **argument["settings"]).exit_code
    except PlaylakeError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
