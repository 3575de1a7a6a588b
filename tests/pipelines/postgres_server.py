"""A Postgres of a test's own: a new cluster in a folder of its own, on a free port of this machine."""

import os
import pwd
import shutil
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

DEBIAN = Path("/usr/lib/postgresql")


def program(name: str) -> str | None:
    """A program of Postgres; Debian keeps those of the server out of the path."""
    newest = sorted(DEBIAN.glob(f"*/bin/{name}"), reverse=True)
    return shutil.which(name) or (str(newest[0]) if newest else None)


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database, for as long as the block lasts."""
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="pg", dir=_reachable() if owner else None))
    try:
        if owner:
            shutil.chown(folder, owner)
        # Whatever the locale: an order of its own would be another than DuckDB's.
        _run(
            "initdb",
            "--pgdata",
            folder / "data",
            "--username",
            "tester",
            "--auth",
            "trust",
            "--no-sync",
            "--no-locale",
            "--encoding",
            "UTF8",
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        # Without a socket in a folder, whose path must be short.
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
        control = ("pg_ctl", "--pgdata", folder / "data")
        _run(*control, "--wait", "--log", folder / "log", "--options", options, "start")
        try:
            yield f"postgresql://tester:hidden@127.0.0.1:{port}/postgres"
        finally:
            _run(*control, "--wait", "--mode", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _owner() -> str | None:
    """Who runs it, if not this process's user: Postgres refuses to be root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


def _reachable() -> str:
    """A folder for temporary files that every user may enter: root's own may be closed to others."""
    for place in map(Path, (tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm")):  # noqa: S108 (made by mkdtemp)
        if place.is_dir() and all(part.stat().st_mode & stat.S_IXOTH for part in (place, *place.absolute().parents)):
            return str(place)
    pytest.skip("there is no folder for temporary files that a user other than root may enter")


def _run(name: str, *arguments: str | Path) -> None:
    """Runs a program of Postgres."""
    owner = _owner()
    done = subprocess.run(
        [str(program(name)), *map(str, arguments)],
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=False,
        user=owner,
        group=pwd.getpwnam(owner).pw_gid if owner else None,
        extra_groups=[] if owner else None,
    )
    assert done.returncode == 0, done.stderr
