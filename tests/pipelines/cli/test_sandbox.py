"""`playlake sandbox`."""

import os
import re
import signal
from pathlib import Path

import pytest
import requests

from sources.spotify_sandbox import load
from tests.pipelines.driving import ended, playlake, started
from tests.pipelines.test_cli import one_line


@pytest.mark.skipif(os.name == "nt", reason="there is no interrupt to send to one process")
def test_the_sandbox_tells_how_to_reach_it(tmp_path: Path) -> None:
    """`playlake sandbox` prints the variables that lead a sync to it, and ends quietly when interrupted."""
    server = started("sandbox", "--port", "0", "--playlists", "4", "--items", "60", folder=tmp_path)
    assert server.stdout is not None
    lines = iter(server.stdout.readline, "")
    said = "".join(line for line in iter(lambda: next(lines), "and run playlake sync. Ctrl-C ends it.\n"))
    environment = dict(re.findall(r"^export (\w+)=(\S+)$", said, re.MULTILINE))

    end = playlake("sync", "--path", "a.duckdb", environment=environment)
    server.send_signal(signal.SIGINT)

    assert end.code == 0
    assert end.out.startswith("4 playlists: 4 read")
    assert ended(server).code == 0


@pytest.mark.skipif(os.name == "nt", reason="there is no signal to send to one process")
def test_the_sandbox_keeps_its_world(tmp_path: Path) -> None:
    """The printed token reads and edits at once, and what was edited is in the file when the sandbox is ended."""
    options = ("--playlists", "3", "--items", "40", "--weather", "busy", "--save", "kept.world")
    server = started("sandbox", "--port", "0", *options, folder=tmp_path)
    assert server.stdout is not None
    lines = iter(server.stdout.readline, "")
    said = "".join(line for line in iter(lambda: next(lines), "and run playlake sync. Ctrl-C ends it.\n"))
    [(token, url)] = re.findall(r"^curl -H 'Authorization: Bearer (\S+)' (\S+)/v1/me/playlists$", said, re.MULTILINE)

    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"
        listed = session.get(f"{url}/v1/me/playlists", timeout=10).json()
        faults = session.get(f"{url}/sandbox/weather", timeout=10).json()["faults"]
        created = session.post(f"{url}/v1/me/playlists", json={"name": "Kept"}, timeout=10).json()
    server.terminate()
    ended(server)

    assert listed["total"] == 3
    assert {fault["kind"] for fault in faults} == {"rate_limit", "latency"}
    assert load(tmp_path / "kept.world").playlist(created["id"]).name == "Kept"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param(["--weather", "rain"], ["no weather 'rain'", "storm"], id="weather"),
        pytest.param(["--save", "nowhere/kept.world"], ["nowhere/kept.world cannot be written"], id="file"),
        pytest.param(["--world", "nowhere"], ["nowhere does not exist"], id="world"),
        pytest.param(["--day", "2020-06-30"], ["--day needs --world"], id="day"),
    ],
)
def test_what_the_sandbox_cannot_do(options: list[str], words: list[str]) -> None:
    """A weather, a file or a world that cannot be had is one line that names it, and status 2."""
    one_line(playlake("sandbox", "--port", "0", *options), 2, *words)
