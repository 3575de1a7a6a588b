"""Faults of the process: it is ended, or something in it fails."""

import os
import shutil
import signal

from tests.faults.fault import PHASES, Fault
from tests.faults.scene import Scene
from tests.faults.strike import Strike


def kill(strike: Strike) -> None:
    """Nothing can be done against this one."""
    strike.at(lambda: os.kill(os.getpid(), signal.SIGKILL))


def lose_the_working_folder(scene: Scene) -> None:
    """The next sync runs on another machine."""
    shutil.rmtree(scene.work)


FAULTS = (
    Fault("process", "SIGKILL", PHASES, ends=-signal.SIGKILL, inside=kill, noted=False),
    Fault(
        "process",
        "SIGKILL, and the working folder is lost",
        PHASES,
        ends=-signal.SIGKILL,
        inside=kill,
        after=lose_the_working_folder,
        noted=False,
    ),
)
