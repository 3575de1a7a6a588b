"""Programs of the cluster, on Linux: each in a session of its own, logged into one folder, ended by its process id."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")

GRACE = 8.0
"""Seconds that programs get to end by themselves."""


class ClusterError(Exception):
    """Something in the cluster did not do what it should; the message says what."""


class Programs:
    """Programs that were started and not yet ended.

    Args:
        logs: the folder for what they write, a file each.
        environment: the variables of each, which those of a single program come on top of.
    """

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        self._logs, self._environment = logs, dict(environment)
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(
        self, name: str, command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        """Starts a program that runs until it is ended."""
        folder.mkdir(parents=True, exist_ok=True)
        with (self._logs / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [*map(str, command)],
                cwd=folder,
                env=self._environment | dict(environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C in a terminal reaches this process alone, which then ends the others in order.
                start_new_session=True,
            )

    def run(
        self,
        name: str,
        command: Sequence[str | Path],
        folder: Path,
        environment: Mapping[str, str] | None = None,
        expected: Collection[int] = (0,),
    ) -> None:
        """Runs a program to its end.

        Raises:
            ClusterError: it ended with another status than those expected.
        """
        self.start(name, command, folder, environment)
        status = self._running[name].wait()
        del self._running[name]
        if status not in expected:
            msg = f"{name} ended with {status}: see {self._logs / name}.log"
            raise ClusterError(msg)

    def check(self) -> None:
        """Looks whether all programs still run.

        Raises:
            ClusterError: one has ended.
        """
        for name, process in self._running.items():
            if process.poll() is not None:
                msg = f"{name} ended with {process.returncode}: see {self._logs / name}.log"
                raise ClusterError(msg)

    def kill(self, name: str) -> int:
        """Ends a program and all that it started with SIGKILL, as a machine that loses its power.

        Returns:
            How many processes that were.
        """
        process = self._running.pop(name)
        killed = kill_tree(process.pid)
        process.wait()
        return killed

    def end(self) -> None:
        """Ends all of them: with SIGTERM, and with SIGKILL whatever is left after a while."""
        started = {process.pid: tree(process.pid) for process in self._running.values()}
        for process in reversed(self._running.values()):
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0, deadline - time.monotonic()))
            for pid in started[process.pid]:
                # Ids are used again: what is left of a program is in its session.
                if pid == process.pid or _session(pid) == process.pid:
                    kill_tree(pid)
            process.wait()
        self._running.clear()

    def memory(self) -> int:
        """Bytes of memory that all of them use, what they share counted once."""
        return sum(_memory(pid) for process in self._running.values() for pid in tree(process.pid))


def until(
    found: Callable[[], Found | None], what: str, seconds: float, programs: Programs, pause: float = 0.5
) -> Found:
    """Waits until something is there, and ends the wait if a program has ended.

    Raises:
        ClusterError: it was not there in so many seconds.
    """
    deadline = time.monotonic() + seconds
    while (value := found()) is None:
        programs.check()
        if time.monotonic() > deadline:
            msg = f"{what}: not within {seconds:.0f} seconds"
            raise ClusterError(msg)
        time.sleep(pause)
    return value


def tree(pid: int) -> list[int]:
    """A process and all that came from it, as far as their parents live."""
    children: dict[int, list[int]] = {}
    for each in _processes():
        if (parent := _field(each, 1)) is not None:
            children.setdefault(parent, []).append(each)
    found = [pid]
    for each in found:
        found += children.get(each, ())
    return found


def kill_tree(pid: int) -> int:
    """Kills a process and all that came from it; first stops them, so that none starts another meanwhile."""
    stopped: set[int] = set()
    while fresh := set(tree(pid)) - stopped:
        for each in fresh:
            _signal(each, signal.SIGSTOP)
        stopped |= fresh
    for each in stopped:
        _signal(each, signal.SIGKILL)
    return len(stopped)


def _processes() -> Iterator[int]:
    return (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())


def _field(pid: int, number: int) -> int | None:
    """A field of https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, counted from the state, which is 0."""
    try:
        return int(
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[number]
        )
    except (OSError, IndexError):
        return None


def _session(pid: int) -> int | None:
    return _field(pid, 3)


def _memory(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        # It has ended meanwhile.
        return
