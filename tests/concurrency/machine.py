"""One of two machines that take orders about one lake: `python -m tests.concurrency.machine`, with itself as JSON.

Each line of its input is an order, and each line of its output how that ended: the exit code, and what was wrong.
"""

import json
import socket
import sys
from collections.abc import Mapping
from typing import Any

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.errors import PlaylakeError


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
                lake.compact()
        except PlaylakeError as error:
            code, said = error.exit_code, str(error)
        except Exception as error:  # as the command line, which goes on to say so
            code, said = 1, repr(error)
        sys.stdout.write(json.dumps([code, said]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
