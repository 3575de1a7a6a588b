"""A sync in a process of its own, which a fault may end or leave in any state.

The processes are forks of one that has imported everything, so that each costs little more than the sync.
"""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from unittest.mock import patch

from sources.spotify.http.server_clock import stated
from tests.faults.scene import Scene
from tests.pipelines.driving import Ended, playlake

TIMEOUT = 120
PRELOADED = [
    "pipelines.cli",
    "pipelines.destinations.parquet.compaction",
    "sources.spotify_sandbox",
    "dlt.destinations.impl.duckdb.duck",
]


def run(scene: Scene, arguments: list[str], environment: Mapping[str, str], fault: str = "", ahead: float = 0) -> Ended:
    """How `playlake sync` ends.

    Args:
        scene: the disk; its phase is the one in which the fault happens.
        arguments: more of the command's.
        environment: of the process.
        fault: the name of a fault that happens in the process.
        ahead: seconds by which its clock goes ahead of this one.

    Returns:
        Its exit code and output; minus the number of the signal and no output if it was killed.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(sender, scene, arguments, dict(environment), fault, ahead))
    process.start()
    sender.close()
    try:
        ended: Ended = receiver.recv() if receiver.poll(TIMEOUT) else Ended(-1, "", "it hangs")
    except EOFError:
        process.join()
        return Ended(process.exitcode or 0, "", "")
    finally:
        receiver.close()
    process.join(TIMEOUT)
    if process.is_alive():
        process.kill()
    return ended


def _run(
    sender: Connection, scene: Scene, arguments: list[str], environment: dict[str, str], fault: str, ahead: float
) -> None:
    from tests.faults.clock import shift
    from tests.faults.injection import Injection
    from tests.faults.registry import fault_named

    os.environ.update(environment)
    os.chdir(scene.folder)
    _never_wait()
    if ahead:
        # The time is later for Spotify, too, and for dlt, which has a clock of its own.
        patch("sources.spotify.http.server_clock.stated", _later(stated, timedelta(seconds=ahead))).start()
        shift(ahead)
        for clock in ("dlt.common.time.precise_time", "dlt.common.storages.load_package.increasing_precise_time"):
            patch(clock, time.time).start()
    if fault:
        fault_named(fault).inside(Injection(scene))
    place = ["--destination", scene.destination, "--path", str(scene.path)]
    sender.send(playlake("sync", *place, *arguments))


def _later(
    stated: Callable[[Mapping[str, str]], datetime | None], passed: timedelta
) -> Callable[[Mapping[str, str]], datetime | None]:
    """The time in servers' answers, after some has passed."""

    def later(headers: Mapping[str, str]) -> datetime | None:
        time = stated(headers)
        return time and time + passed

    return later


@dataclass(slots=True)
class _Waits:
    """A clock that moves only while somebody waits."""

    time: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def tick(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        with self.lock:
            self.time += seconds


def _never_wait() -> None:
    """Retries come at once."""
    from sources.spotify.http.stack import http_stack

    waits = _Waits()
    patch("sources.spotify.source.http_stack", partial(http_stack, sleep=waits.sleep, tick=waits.tick)).start()
