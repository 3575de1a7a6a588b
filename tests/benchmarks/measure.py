"""Runs a contestant in a process of its own and measures that process, its children too."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Thread

import msgspec
import requests

from tests.benchmarks.contestants import Contestant
from tests.benchmarks.pages import COUNTS, CREDENTIALS, Counts, Library, PagesServer, library
from tests.benchmarks.process import ROOT, took

NOWHERE = "http://127.0.0.1:9"
"""A proxy that does not exist, so that no other machine can be reached."""


class Figures(msgspec.Struct):
    """What a contestant took.

    Attributes:
        cpu_seconds: CPU time, user and system, of the whole process and of its children.
        wall_seconds: from start to end.
        peak_megabytes: the most memory that was resident at once, in 10^6 bytes.
        requests: how many it sent to the API.
        megabytes: of the answers' bodies, in 10^6 bytes.
    """

    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float
    requests: int
    megabytes: float


class Result(msgspec.Struct):
    """A contestant's figures on one library.

    Attributes:
        name: the contestant.
        sentence: what it does.
        items: entries of the library that it was given.
        entries: entries that it kept; null for one that keeps none.
        dirty: of the dirty playlist's, by what they are.
        runs: the figures of every round that it took part in, by the round's number; none if it failed.
        failure: the last line of what it wrote when it failed; null if it did not.
    """

    name: str
    sentence: str
    items: int
    entries: int | None
    dirty: dict[str, int]
    runs: dict[int, Figures]
    failure: str | None = None

    def median(self, field: str) -> float:
        """The middle of a figure."""
        return float(median(getattr(run, field) for run in self.runs.values()))


@contextmanager
def served(place: Path) -> Iterator[str]:
    """The address of a folder, served by a process of its own, so that its work is not counted."""
    command = [sys.executable, "-m", "tests.benchmarks.measure", str(place)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        with server.stdin:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}"


def measured(contestants: Sequence[Contestant], place: Path, rounds: int) -> list[Result]:
    """The contestants' figures over a saved library: in each round all run once, slow ones in the first alone."""
    results: dict[str, Result] = {}
    with served(place) as url:
        for number in range(rounds):
            for contestant in contestants:
                known = results.get(contestant.name)
                if number and (contestant.slow or known is None or known.failure):
                    continue
                with TemporaryDirectory(prefix="playlake-benchmark-") as folder:
                    figures, failure = _run(contestant, place, url, Path(folder))
                    if known is None:
                        known = _examined(contestant, library(place), Path(folder))
                        known.failure = failure
                        results[contestant.name] = known
                if not known.failure:
                    known.runs[number] = figures
    return list(results.values())


def _examined(contestant: Contestant, held: Library, folder: Path) -> Result:
    """What a contestant has kept."""
    entries = list(contestant.kept(folder))
    dirty = held.kept(uri or None for playlist, uri in entries if playlist == held.dirty)
    has_kept = bool(contestant.entries)
    kept = len(entries) if has_kept else None
    return Result(contestant.name, contestant.sentence, held.items, kept, dirty if has_kept else {}, {})


def _run(contestant: Contestant, place: Path, url: str, folder: Path) -> tuple[Figures, str | None]:
    """The figures, and the last line of what it wrote if it failed."""
    requests.get(url + COUNTS, timeout=60)
    log = folder / "log.txt"
    end = took(contestant.command(place, url, folder), environment(folder, url), log=log)
    counts = msgspec.json.decode(requests.get(url + COUNTS, timeout=60).content, type=Counts)
    figures = Figures(end.cpu_seconds, end.wall_seconds, end.peak_megabytes, counts.requests, counts.bytes / 1e6)
    said = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return figures, None if not end.code else " ".join(said[-1:]) or f"exit code {end.code}"


def environment(folder: Path, url: str) -> dict[str, str]:
    """The settings that lead to the server, and no settings of this user; no telemetry, no network."""
    # Users have compiled modules, and a program that may not keep them would compile its own at every run.
    dropped = ("SOURCES__", "DESTINATION__", "DLT_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    own = {"DLT_DATA_DIR": f"{folder}/dlt", "DLT_PROJECT_DIR": str(folder), "RUNTIME__DLTHUB_TELEMETRY": "false"}
    own |= {"RUNTIME__LOG_LEVEL": "ERROR", "PYTHONPATH": str(ROOT)}
    proxies = {"http_proxy": NOWHERE, "https_proxy": NOWHERE, "no_proxy": "127.0.0.1"}
    address = {"SOURCES__SPOTIFY__API_URL": f"{url}/v1", "SOURCES__SPOTIFY__ACCOUNTS_URL": url}
    return kept | own | proxies | address | CREDENTIALS


def _serve(place: str) -> None:
    with PagesServer(Path(place), 0) as server:
        sys.stdout.write(f"{server.server_address[1]}\n")
        sys.stdout.flush()
        Thread(target=server.serve_forever, daemon=True).start()
        # Its input is closed when the process that started it ends, in whatever way.
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    _serve(sys.argv[1])
