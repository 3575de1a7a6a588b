"""Faults of the disk: full, read-only, gone, or with other contents."""

import errno
import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import duckdb

from tests.faults.fault import DISK_PHASES, Fault, nothing
from tests.faults.injection import Injection
from tests.faults.scene import Scene

HOLDER = """
import duckdb, signal, sys
held = duckdb.connect(sys.argv[1], read_only=True)
print("open", flush=True)
signal.pause()
"""


def refusing(number: int, *, lake: bool, work: bool) -> Callable[[Injection], None]:
    """From the middle of the phase on the system refuses to write below those folders, as far as Python asks it."""

    def begin(injection: Injection) -> None:
        places = [str(path) for path, wanted in ((injection.scene.path, lake), (injection.scene.work, work)) if wanted]

        def refuse() -> None:
            raise OSError(number, os.strerror(number))

        injection.at_changes(refuse, lambda path: any(place in path for place in places))

    return begin


def no_file_grows(injection: Injection) -> None:
    """From the middle of the phase on the system lets no file of this process grow, DuckDB's neither."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

    injection.at(limit)


def read_only_database(injection: Injection) -> None:
    """DuckDB is told that the file may not be written."""
    original = duckdb.connect

    def connect(database: Any = ":memory:", read_only: bool = False, **more: Any) -> Any:
        if str(database) == str(injection.scene.path) and not read_only:
            injection.scene.met()
            msg = f'Cannot open file "{database}": Read-only file system'
            raise duckdb.IOException(msg)
        return original(database, read_only=read_only, **more)

    patch("duckdb.connect", connect).start()


def read_only_folder(injection: Injection) -> None:
    """Nothing may be written below the lake, from the beginning."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            path = arguments[0]
            if isinstance(path, str | os.PathLike) and os.fspath(path).startswith(str(injection.scene.path)):
                injection.scene.met()
                raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    sys.addaudithook(hook)


def away(scene: Scene) -> Path:
    """The place of the lake while it is unmounted."""
    return scene.folder / "away"


def go_away(injection: Injection) -> None:
    """The file or folder is somewhere else, as if a disk were not mounted any more."""
    injection.at(lambda: nothing(injection.scene.path.rename(away(injection.scene))))


def come_back(scene: Scene) -> None:
    """It is mounted again."""
    scene.remove_lake()
    away(scene).rename(scene.path)


def damaged(damage: Callable[[Path], None]) -> Callable[[Scene], None]:
    """Every file of the lake is damaged before the sync; how they are then is remembered."""

    def do(scene: Scene) -> None:
        for path in scene.data_files():
            if path.suffix in {"", ".parquet"}:
                damage(path)
        scene.met()
        remember(scene)

    return do


def damaging(damage: Callable[[Path], None]) -> Callable[[Injection], None]:
    """The same, in the middle of the phase."""
    return lambda injection: injection.at(lambda: damaged(damage)(injection.scene), notes=False)


def remember(scene: Scene) -> None:
    """Copies the lake, to be compared."""
    copy = scene.folder / "damaged"
    shutil.rmtree(copy, ignore_errors=True)
    if scene.path.is_dir():
        shutil.copytree(scene.path, copy)
    else:
        copy.mkdir()
        shutil.copy(scene.path, copy / "lake")


def restore_from_backup(scene: Scene) -> None:
    """Checks that the damaged files are untouched, and restores the backup."""
    copy = scene.folder / "damaged"
    for path in (path for path in copy.rglob("*") if path.is_file()):
        now = scene.path / path.relative_to(copy) if scene.path.is_dir() else scene.path
        assert path.read_bytes() == now.read_bytes(), f"{now} was overwritten"
    scene.restore_lake("first")


def noise(path: Path) -> None:
    """Random bytes in place of all but the first."""
    path.write_bytes(path.read_bytes()[:4] + Random(0).randbytes(path.stat().st_size - 4))


def noise_in_blocks(path: Path) -> None:
    """The headers are whole, the blocks are not."""
    begin = 3 * 4096
    path.write_bytes(path.read_bytes()[:begin] + Random(0).randbytes(path.stat().st_size - begin))


def half(path: Path) -> None:
    """Only the first half is left."""
    os.truncate(path, path.stat().st_size // 2)


def torn_log(scene: Scene) -> None:
    """A process died and left a log of changes, the last of which is incomplete."""
    with duckdb.connect(str(scene.path)) as connection:
        connection.execute("PRAGMA disable_checkpoint_on_shutdown")
        connection.execute("CREATE SCHEMA other")
        connection.execute("CREATE TABLE other.numbers AS FROM range(1000)")
    log = scene.path.with_name("lake.wal")
    os.truncate(log, log.stat().st_size - 100)
    scene.met()


def hold(scene: Scene) -> None:
    """Another process opens the database for reading and keeps it open."""
    said, says = os.pipe()
    command = [sys.executable, "-c", HOLDER, str(scene.path)]
    holder = os.posix_spawn(sys.executable, command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, says, 1)])
    os.close(says)
    with os.fdopen(said) as answer:
        assert answer.readline() == "open\n"
    scene.met()
    (scene.folder / "holder").write_text(str(holder))


def let_go(scene: Scene) -> None:
    """The other process closes it."""
    holder = int((scene.folder / "holder").read_text())
    os.kill(holder, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(holder, 0)


def held(injection: Injection) -> None:
    """The same, in the middle of the phase."""
    injection.at(lambda: hold(injection.scene), notes=False)


def lose_work(injection: Injection) -> None:
    """Dlt's working folder is deleted."""
    injection.at(lambda: shutil.rmtree(injection.scene.work))


FULL = "no space left on the device"
FAULTS = (
    Fault(
        "disk",
        FULL,
        DISK_PHASES,
        ends=2,
        says="disk is full",
        inside=refusing(errno.ENOSPC, lake=True, work=True),
        noted=False,
    ),
    Fault("disk", "no file may grow", DISK_PHASES, ends=2, says="disk is full", inside=no_file_grows, noted=False),
    Fault(
        "disk",
        "read-only database",
        ("listing",),
        ends=2,
        says="Read-only",
        inside=read_only_database,
        destinations=("duckdb",),
        noted=False,
    ),
    Fault(
        "disk",
        "read-only folder",
        ("listing",),
        ends=2,
        says="Read-only",
        inside=read_only_folder,
        destinations=("parquet",),
        noted=False,
    ),
    Fault(
        "disk",
        "read-only working folder",
        DISK_PHASES,
        ends=2,
        says="Read-only",
        inside=refusing(errno.EROFS, lake=False, work=True),
        noted=False,
    ),
    Fault("disk", "working folder deleted", DISK_PHASES, ends=2, inside=lose_work, noted=False),
    Fault(
        "disk",
        "destination goes away",
        ("reading", "extract", "normalise", "load"),
        ends=2,
        inside=go_away,
        after=come_back,
        readable=False,
        noted=False,
    ),
    Fault(
        "disk",
        "database full of noise",
        ("listing",),
        ends=2,
        says="is not a DuckDB database",
        before=damaged(noise),
        after=restore_from_backup,
        readable=False,
        destinations=("duckdb",),
        noted=False,
    ),
    Fault(
        "disk",
        "noise behind the database's headers",
        ("listing",),
        ends=2,
        says="damaged",
        before=damaged(noise_in_blocks),
        after=restore_from_backup,
        readable=False,
        destinations=("duckdb",),
        noted=False,
    ),
    Fault(
        "disk",
        "files cut in half",
        ("listing",),
        ends=2,
        says="damaged",
        before=damaged(half),
        after=restore_from_backup,
        readable=False,
        noted=False,
    ),
    Fault(
        "disk",
        "database full of noise from then on",
        ("normalise",),
        ends=2,
        says="is not a DuckDB database",
        inside=damaging(noise),
        after=restore_from_backup,
        readable=False,
        destinations=("duckdb",),
        noted=False,
    ),
    Fault("disk", "torn log of the database", ("listing",), before=torn_log, destinations=("duckdb",)),
    Fault(
        "disk",
        "database open in a reader",
        ("listing",),
        ends=75,
        says="open in another process",
        before=hold,
        after=let_go,
        destinations=("duckdb",),
        noted=False,
    ),
    Fault(
        "disk",
        "database opened by a reader",
        ("normalise",),
        ends=75,
        says="open in another process",
        inside=held,
        after=let_go,
        destinations=("duckdb",),
        noted=False,
    ),
)
