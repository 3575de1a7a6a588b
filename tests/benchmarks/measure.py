"""Runs a contestant in a process of its own and measures that process."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import msgspec

from tests.benchmarks.contestants import CONTESTANTS, Contestant
from tests.benchmarks.pages import CREDENTIALS, serve

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "http://127.0.0.1:9"
"""A proxy that is not there: what is not on this machine cannot be asked."""


class Figures(msgspec.Struct):
    """What a contestant took.

    Attributes:
        items: playlist entries that it loaded.
        start_seconds: CPU time to start Python and import what is needed.
        cpu_seconds: CPU time, user and system, of the work itself.
        wall_seconds: from start to end.
        peak_megabytes: the most memory that was resident at once, in 10**6 bytes.
    """

    items: int
    start_seconds: float
    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float


class _Said(msgspec.Struct):
    """What a contestant's process says of itself."""

    items: int
    start_seconds: float
    peak_bytes: int


class Result(msgspec.Struct):
    """A contestant's figures: the medians, and those of every run."""

    name: str
    sentence: str
    items: int
    start_seconds: float
    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float
    runs: list[Figures]

    @property
    def cpu_per_item(self) -> float:
        """CPU seconds of the work per entry."""
        return self.cpu_seconds / self.items


@contextmanager
def served(place: Path) -> Iterator[str]:
    """The address of a folder, served by a process of its own, so that its work counts for nobody."""
    command = [sys.executable, "-m", __name__, "serve", str(place)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        with server.stdin:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}"


def measured(contestant: Contestant, place: Path, repeats: int) -> Result:
    """The contestant's figures over a saved library.

    Raises:
        subprocess.CalledProcessError: it failed; its messages went to the standard error.
    """
    times = 1 if contestant.slow else repeats
    with served(place) as url:
        runs = [_run(contestant, place, url) for _ in range(times)]
    middle = {field: median(getattr(run, field) for run in runs) for field in Figures.__struct_fields__}
    return Result(contestant.name, contestant.sentence, runs=runs, **(middle | {"items": runs[0].items}))


def _run(contestant: Contestant, place: Path, url: str) -> Figures:
    with TemporaryDirectory(prefix="playlake-benchmark-") as folder:
        command = [sys.executable, "-m", __name__, contestant.name, str(place), url, folder]
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=_environment(folder, url))
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        said = msgspec.json.decode((Path(folder) / "said.json").read_bytes(), type=_Said)
    work = usage.ru_utime + usage.ru_stime - said.start_seconds
    return Figures(said.items, said.start_seconds, work, wall, said.peak_bytes / 1e6)


def _environment(folder: str, url: str) -> dict[str, str]:
    """The settings that lead to the server, and nothing of this user's; no telemetry, no way out."""
    dropped = ("SOURCES__", "DESTINATION__", "DLT_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    own = {"DLT_DATA_DIR": f"{folder}/dlt", "DLT_PROJECT_DIR": folder, "RUNTIME__DLTHUB_TELEMETRY": "false"}
    own["RUNTIME__LOG_LEVEL"] = "ERROR"
    proxies = {"http_proxy": NOWHERE, "https_proxy": NOWHERE, "no_proxy": "127.0.0.1"}
    address = {"SOURCES__SPOTIFY__API_URL": f"{url}/v1", "SOURCES__SPOTIFY__ACCOUNTS_URL": url}
    return kept | own | proxies | address | CREDENTIALS


def _contest(name: str, place: Path, url: str, folder: Path) -> None:
    """In the contestant's process: runs it and says how much it loaded and how much memory it took."""
    [contestant] = [one for one in CONTESTANTS if one.name == name]
    road = contestant.road()
    start_seconds = time.process_time()
    items = road(place, url, folder)
    said = _Said(items, start_seconds, _peak_bytes())
    (folder / "said.json").write_bytes(msgspec.json.encode(said))


def _peak_bytes() -> int:
    """The most memory that this process has had resident.

    Linux says it in /proc; `ru_maxrss` there starts at what the parent process had before this program replaced it.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        fields: dict[str, Any] = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(fields["VmHWM"].split()[0]) * 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _main(arguments: Sequence[str]) -> None:
    if arguments[0] == "serve":
        with serve(Path(arguments[1]), 0) as server:
            sys.stdout.write(f"{server.server_address[1]}\n")
            sys.stdout.flush()
            Thread(target=server.serve_forever, daemon=True).start()
            # Its input ends with the process that started it, however that one ends.
            sys.stdin.read()
            server.shutdown()
    else:
        name, place, url, folder = arguments
        _contest(name, Path(place), url, Path(folder))


if __name__ == "__main__":
    _main(sys.argv[1:])
