"""How fast the sandbox writes pages of playlists, in process and over a socket, and what a world takes in memory.

    python -m tests.benchmarks.sandbox [--items 10 --items 15000 --items 1000000] [--out FILE] [--smoke]

Each world is made in a process of its own, which asks itself first and is then asked over the loopback interface by
this one, on one connection, page after page of 100 entries in the order of the library. Nothing is decoded or
compressed. `new` is a first reading, in which every content is made and rendered, `again` a second one, `prepared` one
after all contents were rendered in advance, and so is `socket`.
"""

import asyncio
import os
import platform
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, MutableMapping, Sequence
from itertools import islice
from pathlib import Path
from threading import Thread
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

from sources.spotify_sandbox import World, application, generate
from sources.spotify_sandbox.server.app import Application
from sources.spotify_sandbox.server.socket import Server

ROOT = Path(__file__).resolve().parents[2]
SIZES = (10, 15_000, 1_000_000)
SMOKE_SIZES = (10, 250)
ITEMS_OF_A_PLAYLIST = 5_000
WORLD = "world"
"""The argument of the process that holds a world."""

MOST_PAGES = 1_000
"""Pages of one reading; a world of a million entries has ten times as many."""

LEAST_PAGES = 300
"""A world of fewer pages is read over and over."""


class Pace(msgspec.Struct):
    """How fast a reading went.

    Attributes:
        requests: answered.
        megabytes: of bodies, in 10**6 bytes.
        cpu_seconds: of the process that answers, user and system time.
        wall_seconds: from the first request to the last answer.
    """

    requests: int
    megabytes: float
    cpu_seconds: float
    wall_seconds: float

    @property
    def rate(self) -> float:
        """Megabytes for each CPU second of the sandbox: what one core can do."""
        return self.megabytes / max(self.cpu_seconds, 1e-3)


class Result(msgspec.Struct):
    """The figures of one world.

    Attributes:
        items: entries of all playlists.
        make_seconds: CPU time to make the world.
        world_megabytes: memory that the world took when it was made, in 10**6 bytes.
        peak_megabytes: the most memory of its process, imports and all rendered contents included.
        readings: by name.
    """

    items: int
    make_seconds: float
    world_megabytes: float
    peak_megabytes: float
    readings: dict[str, Pace]


class Start(msgspec.Struct):
    """What the process of a world says when it can be asked over the socket."""

    port: int
    token: str
    paths: list[str]
    result: Result


@click.command()
@click.option("--items", multiple=True, type=int, default=SIZES, show_default=True, help="Entries of a world.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the figures here, as JSON.")
@click.option("--smoke", is_flag=True, help="Two tiny worlds: does it work at all?")
def main(items: Sequence[int], out: Path | None, smoke: bool) -> None:
    """Measure the sandbox."""
    results = []
    for size in SMOKE_SIZES if smoke else items:
        click.echo(f"a world of {size:,} items …", err=True)
        results.append(measured(size))
    _print(results)
    if out is not None:
        machine = {"system": platform.platform(), "cpus": str(os.cpu_count()), "python": platform.python_version()}
        outcome = {"machine": machine, "results": results}
        out.write_bytes(msgspec.json.format(msgspec.json.encode(outcome), indent=2) + b"\n")


def measured(items: int) -> Result:
    """The figures of a world of so many entries.

    Raises:
        subprocess.CalledProcessError: The world's process failed; its messages went to the standard error.
    """
    command = [sys.executable, "-m", "tests.benchmarks.sandbox", WORLD, str(items)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        said = process.stdout.readline()
        if not said:
            raise subprocess.CalledProcessError(process.wait(), command)
        start = msgspec.json.decode(said, type=Start)
        with process.stdin, socket.create_connection(("127.0.0.1", start.port)) as connection:
            start.result.readings["socket"] = _read(connection, start, process.pid)
            start.result.peak_megabytes = _megabytes(process.pid, "VmHWM")
    return start.result


def _read(connection: socket.socket, start: Start, pid: int) -> Pace:
    buffer = memoryview(bytearray(1 << 20))
    head = f"Host: 127.0.0.1:{start.port}\r\nAuthorization: Bearer {start.token}\r\n\r\n"
    sent, cpu, began = 0, _cpu_seconds(pid), time.perf_counter()
    for path in start.paths:
        connection.sendall(f"GET {path} HTTP/1.1\r\n{head}".encode())
        sent += _body(connection, buffer)
    return Pace(len(start.paths), sent / 1e6, _cpu_seconds(pid) - cpu, time.perf_counter() - began)


def _body(connection: socket.socket, buffer: memoryview) -> int:
    """Read one answer and tell the size of its body."""
    head = b""
    while b"\r\n\r\n" not in head:
        head += bytes(buffer[: connection.recv_into(buffer)])
    lines, _, begun = head.partition(b"\r\n\r\n")
    if not lines.startswith(b"HTTP/1.1 200 "):
        raise ValueError(lines.decode())
    size = int(lines.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
    left = size - len(begun)
    while left > 0:
        left -= connection.recv_into(buffer)
    return size


def _cpu_seconds(pid: int) -> float:
    """User and system time of a process (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _megabytes(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(name))


def _serve(items: int) -> None:
    """The world's process: reads its own pages, then answers until nobody holds its standard input any more."""
    before, began = _megabytes(os.getpid(), "VmRSS"), time.process_time()
    world = generate(1, playlists=-(-items // ITEMS_OF_A_PLAYLIST), items=items)
    result = Result(items, time.process_time() - began, _megabytes(os.getpid(), "VmRSS") - before, 0, {})
    app = application(world)
    server = Server(app)
    origin, token = f"http://127.0.0.1:{server.port}", app.state.service.access_token()
    paths = list(islice(_paths(world), MOST_PAGES))
    paths *= max(1, LEAST_PAGES // len(paths))
    for name in ("new", "again"):
        result.readings[name] = asyncio.run(_ask(app, origin, token, paths))
    app.state.service.prepare(origin)
    result.readings["prepared"] = asyncio.run(_ask(app, origin, token, paths))
    sys.stdout.buffer.write(msgspec.json.encode(Start(server.port, token, paths, result)) + b"\n")
    sys.stdout.flush()
    Thread(target=_end, args=(server,), daemon=True).start()
    server.serve_until_stopped()


def _end(server: Server) -> None:
    sys.stdin.read()
    server.should_exit = True


def _paths(world: World) -> Iterator[str]:
    for playlist in world.playlists.values():
        for offset in range(0, max(1, len(playlist)), 100):
            yield f"/v1/playlists/{playlist.id}/tracks?limit=100&offset={offset}&additional_types=track,episode"


async def _ask(app: Application, origin: str, token: str, paths: list[str]) -> Pace:
    """Ask the application itself for some pages, as a server would."""
    host = origin.removeprefix("http://").encode()
    headers = [(b"host", host), (b"authorization", f"Bearer {token}".encode())]
    sizes: list[int] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: MutableMapping[str, Any]) -> None:
        sizes.append(len(message.get("body", b"")))

    cpu, wall = time.process_time(), time.perf_counter()
    for address in paths:
        path, _, query = address.partition("?")
        scope = {"type": "http", "method": "GET", "scheme": "http", "path": path, "query_string": query.encode()}
        await app({**scope, "headers": headers}, receive, send)
    return Pace(len(paths), sum(sizes) / 1e6, time.process_time() - cpu, time.perf_counter() - wall)


def _print(results: Sequence[Result]) -> None:
    table = Table("items", box=None)
    for heading in ("reading", "pages", "MB", "MB/s of CPU", "MB/s", "pages/s", "world MB", "peak MB"):
        table.add_column(heading, justify="left" if heading == "reading" else "right")
    for result in results:
        for name, pace in result.readings.items():
            table.add_row(
                f"{result.items:,}",
                name,
                f"{pace.requests:,}",
                f"{pace.megabytes:.1f}",
                f"{pace.rate:.0f}",
                f"{pace.megabytes / pace.wall_seconds:.0f}",
                f"{pace.requests / pace.wall_seconds:.0f}",
                f"{result.world_megabytes:.0f}",
                f"{result.peak_megabytes:.0f}",
            )
    Console().print(table)


if __name__ == "__main__":
    if sys.argv[1:2] == [WORLD]:
        _serve(int(sys.argv[2]))
    else:
        main()
