"""How long `playlake import` takes for half a million plays: `python -m tests.benchmarks.import_history`.

A zip as Spotify sends it is made, imported by the command in a process of its own, and imported again, when nothing in
it is new. For comparison, DuckDB reads the same unpacked files into a table, without keys and without a lake.
"""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click

from tests.pipelines.driving import console_script
from tests.pipelines.postgres_server import postgres

PER_FILE = 16_000
SONGS = 20_000
DESTINATIONS = ["duckdb", "parquet", "postgres"]

READ = """
import sys, duckdb
with duckdb.connect(sys.argv[1], config={"threads": "2"}) as connection:
    connection.execute("CREATE TABLE plays AS SELECT * EXCLUDE (ip_addr) FROM read_json(?)", [sys.argv[2]])
"""


class Took(NamedTuple):
    """What a process took: seconds of its processors, seconds, and the most memory at once, in 10^6 bytes."""

    cpu: float
    wall: float
    peak: float


def history(plays: int) -> Iterator[tuple[str, bytes]]:
    """Files of an extended history, with their names; one at a time, as a child's peak begins with its parent's."""
    random, ended = Random(1), datetime(2014, 1, 1, tzinfo=UTC)
    for start in range(0, plays, PER_FILE):
        entries = []
        for _ in range(min(PER_FILE, plays - start)):
            song = min(int(random.expovariate(1 / 4_000)), SONGS - 1)
            played = random.randrange(60_000, 400_000)
            ended += timedelta(milliseconds=played + random.randrange(400_000))
            entries.append(_entry(song, played, ended))
        yield f"Streaming_History_Audio_{start // PER_FILE}.json", json.dumps(entries, indent=2).encode()


def _entry(song: int, played: int, ended: datetime) -> dict[str, object]:
    nothing = dict.fromkeys(
        ["episode_name", "episode_show_name", "spotify_episode_uri", "audiobook_title", "audiobook_uri"]
    )
    return {
        "ts": f"{ended:%Y-%m-%dT%H:%M:%SZ}",
        "platform": "iOS 16.1 (iPhone14,5)",
        "ms_played": played,
        "conn_country": "SE",
        "ip_addr": "192.0.2.7",
        "master_metadata_track_name": f"Track number {song}",
        "master_metadata_album_artist_name": f"Artist {song % 3_000}",
        "master_metadata_album_album_name": f"Album {song % 9_000}",
        "spotify_track_uri": f"spotify:track:{song:022}",
        **nothing,
        "reason_start": "trackdone",
        "reason_end": "trackdone",
        "shuffle": True,
        "skipped": False,
        "offline": False,
        "offline_timestamp": int(ended.timestamp()),
        "incognito_mode": False,
    }


def took(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Took:
    """What a command takes that succeeds."""
    started = datetime.now(UTC)
    process = subprocess.Popen(command, cwd=folder, env=dict(environment), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        message = f"{command} ended with {process.returncode}"
        raise RuntimeError(message)
    wall = (datetime.now(UTC) - started).total_seconds()
    return Took(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024 / 1e6)


def measure(plays: int, destination: str, folder: Path) -> dict[str, Took]:
    """Imports a history twice, and reads it as DuckDB does."""
    with zipfile.ZipFile(folder / "my_spotify_data.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in history(plays):
            archive.writestr(f"Spotify Extended Streaming History/{name}", content)
            (folder / name).write_bytes(content)
    environment = os.environ | {"HOME": str(folder), "DLT_DATA_DIR": str(folder / "dlt")}
    place = ["--destination", destination, "--user", "me"]
    place += ["--path", str(folder / "lake")] if destination != "postgres" else []
    command = [console_script(), "import", str(folder / "my_spotify_data.zip"), *place]
    read = [sys.executable, "-c", READ, str(folder / "read.duckdb"), str(folder / "Streaming_*.json")]
    return {
        "import": took(command, folder, environment),
        "import again": took(command, folder, environment),
        "duckdb read_json": took(read, folder, environment),
    }


@click.command()
@click.option("--plays", default=500_000, show_default=True)
@click.option("--destination", type=click.Choice(DESTINATIONS), default="duckdb", show_default=True)
def main(plays: int, destination: str) -> None:
    """Measures an import, and prints what it took; of Postgres, what the server takes for itself does not count."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        if destination == "postgres":
            os.environ["DESTINATION__POSTGRES__CREDENTIALS"] = stack.enter_context(postgres())
        found = measure(plays, destination, Path(folder))
    least = found["duckdb read_json"].cpu
    for name, one in found.items():
        click.echo(f"{name:18} {one.cpu:6.1f} CPU s  {one.wall:6.1f} s  {one.peak:5.0f} MB  {one.cpu / least:5.2f}")


if __name__ == "__main__":
    main()
