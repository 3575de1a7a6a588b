"""DuckDB's own shell, with a lake opened in it."""

import shutil
import signal
import subprocess

from pipelines.destinations.lake import Lake
from sources.errors import ConfigurationError

PROGRAM = "duckdb"


def open_shell(lake: Lake) -> int:
    """Starts the shell and waits for its end.

    Returns:
        The shell's exit code.

    Raises:
        ConfigurationError: it is not installed, or cannot open this lake.
        DestinationError: there is nothing yet.
        TryLaterError: another process has the file open for writing.
    """
    arguments = lake.shell_arguments()
    program = shutil.which(PROGRAM)
    if program is None:
        msg = (
            "DuckDB's shell is not installed here: get it from https://duckdb.org/install, or use playlake query "
            "without --duckdb."
        )
        raise ConfigurationError(msg)
    # Ctrl-C is for the shell, which stops a query with it. What is ignored here would be ignored there, too.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return subprocess.run([program, *arguments], check=False).returncode  # noqa: S603 (found on the user's path)
    finally:
        signal.signal(signal.SIGINT, before)
