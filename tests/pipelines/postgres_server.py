"""A Postgres of a test's own: a new cluster in a folder of its own, on a free port of this machine."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")


def program(name: str) -> str | None:
    """A program of Postgres; Debian keeps those of the server out of the path."""
    newest = sorted(DEBIAN.glob(f"*/bin/{name}"), reverse=True)
    return shutil.which(name) or (str(newest[0]) if newest else None)


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database, for as long as the block lasts."""
    # The server's user must reach it, which folders of pytest's do not allow; a socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        _run("initdb", "--pgdata", folder / "data", "--username", "tester", "--auth", "trust", "--no-sync")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
        control = ("pg_ctl", "--pgdata", folder / "data")
        _run(*control, "--wait", "--log", folder / "log", "--options", options, "start")
        try:
            yield f"postgresql://tester:hidden@127.0.0.1:{port}/postgres"
        finally:
            _run(*control, "--wait", "--mode", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _run(name: str, *arguments: str | Path) -> None:
    """Runs a program of Postgres, which refuses to be root."""
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*as_user, str(program(name)), *map(str, arguments)],
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
