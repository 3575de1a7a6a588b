"""Runs a program and says what it took, its children counted. It is a program itself, and imports next to nothing.

A process's peak of memory begins with that of the process that started it
(https://man7.org/linux/man-pages/man2/getrusage.2.html), so a small process is between the benchmark and the measured
one.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Took(NamedTuple):
    """What a program and its children took.

    Attributes:
        code: the exit code.
        cpu_seconds: user and system time.
        wall_seconds: from start to end.
        peak_megabytes: the most memory that one of its processes had resident at once, in 10^6 bytes.
    """

    code: int
    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float


def took(command: Sequence[str], environment: Mapping[str, str], folder: Path = ROOT, log: Path | None = None) -> Took:
    """Runs a command to its end.

    Args:
        command: the program and its arguments.
        environment: all of its environment.
        folder: where it runs.
        log: where what it writes goes; by default to this process's standard error.
    """
    with TemporaryDirectory() as place:
        figures = Path(place) / "took.json"
        between = [sys.executable, "-I", "-S", __file__, str(figures), str(log or ""), *command]
        subprocess.run(between, cwd=folder, env=dict(environment), check=True)
        return Took(**json.loads(figures.read_bytes()))


def _main(figures: str, log: str, *command: str) -> None:
    started = time.perf_counter()
    pid = os.fork()
    if not pid:
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND) if log else 2
        os.dup2(out, 1)
        os.dup2(out, 2)
        os.execvp(command[0], command)  # noqa: S606 (the command is the caller's)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - started
    # In bytes on macOS, in KiB elsewhere.
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    took = Took(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, wall, peak / 1e6)
    with open(figures, "w") as file:  # noqa: PTH123 (pathlib is among what is not imported here)
        json.dump(took._asdict(), file)


if __name__ == "__main__":
    _main(*sys.argv[1:])
