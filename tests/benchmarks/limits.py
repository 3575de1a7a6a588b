"""How much of an allowed rate a first sync uses: `python -m tests.benchmarks.limits`.

A sandbox in a process of its own answers each request after a while, and refuses what goes beyond its limit. The least
possible time is that of a client that knows the limit: see `tests/sources/spotify/simulated_server.py`.
"""

import argparse
import json
import re
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import requests

from tests.pipelines.driving import ended, started
from tests.sources.spotify.simulated_server import Simulation


@dataclass(frozen=True, slots=True)
class Limit:
    """What a server allows: so many requests in so many seconds, each answered after so many more."""

    calls: int
    window: int
    latency: float = 0.1


@contextmanager
def sandbox(limit: Limit, playlists: int, items: int, folder: Path) -> Iterator[dict[str, str]]:
    """The variables that lead to a sandbox with a limit."""
    faults = [
        {"kind": "latency", "seconds": limit.latency},
        {"kind": "rate_limit", "calls": limit.calls, "window": limit.window},
    ]
    (folder / "weather.json").write_text(json.dumps({"seed": 1, "faults": faults}))
    size = ["--playlists", str(playlists), "--items", str(items)]
    process = started("sandbox", "--port", "0", *size, "--weather", "weather.json", folder=folder)
    with process:
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            printed += line
            if "Ctrl-C" in line:
                break
        yield dict(re.findall(r"export (\w+)=(\S+)", printed))
        process.send_signal(signal.SIGINT)
        process.communicate()


def measure(limit: Limit, playlists: int, items: int) -> tuple[float, float, int, int]:
    """The seconds that reading took, the least possible, and the number of requests and of refusals."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with sandbox(limit, playlists, items, folder) as environment:
            end = ended(started("sync", "--report", "report.json", folder=folder, environment=environment), 1800)
            assert end.code == 0, end.err
            address = environment["SOURCES__SPOTIFY__ACCOUNTS_URL"] + "/sandbox/weather"
            weather = requests.get(address, timeout=30).json()
        met = {fault["kind"]: fault["met"] for fault in weather["faults"]}
        report = json.loads((folder / "report.json").read_text())
        reads, run = report["playlist_reads"], report["run"]
        took = seconds(max(read["finished_at"] for read in reads)) - seconds(run["started_at"])
    served = run["requests"] - 1 - met["rate_limit"]
    least = Simulation(served, lambda _: limit.calls, limit.window, latency=limit.latency).least()
    return took, least, served, met["rate_limit"]


def seconds(time: str) -> float:
    """A time of the report in seconds."""
    return datetime.fromisoformat(time).timestamp()


def main() -> None:
    """Prints a line for each limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--playlists", type=int, default=200)
    parser.add_argument("--items", type=int, default=12_000)
    given = parser.parse_args()
    for limit in (Limit(10, 1), Limit(300, 30), Limit(60, 30)):
        took, least, served, refused = measure(limit, given.playlists, given.items)
        sys.stdout.write(
            f"{limit.calls} requests in {limit.window} s: {served} requests in {took:.1f} s, "
            f"{took / least:.2f} times the least possible, {refused} refused\n"
        )


if __name__ == "__main__":
    main()
