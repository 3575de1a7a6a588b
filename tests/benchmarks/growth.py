"""What it costs to add a hundred items to a lake, by how much is in it already, and what that takes on the disk.

    python -m tests.benchmarks.growth [--items 10000]… [--repeats 5] [--folder DIR] [--out FILE] [--smoke]

A small lake of each destination is filled by two syncs, and then grown by copies of what it holds; see `large_lake`. In
every round a hundred items are put on a playlist, and `playlake sync` brings each lake up to date, in a process of its
own, which is measured as a whole. The sandbox that answers is in this process. The first round is not counted: it finds
a lake without a working folder, and updates dlt's records of the copies.
"""

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click
import duckdb
import msgspec
from rich.console import Console
from rich.table import Table

from pipelines.destinations.lake import Lake
from sources.spotify_sandbox import Playlist, Sandbox, World, generate
from tests.benchmarks.large_lake import grow
from tests.benchmarks.machine import Machine, this_machine
from tests.benchmarks.measure import environment
from tests.benchmarks.process import ROOT, Took, took

SIZES = (10_000, 1_000_000)
DESTINATIONS = ("duckdb", "parquet")
SEED_ITEMS, SEED_PLAYLISTS = 10_000, 20
SMOKE_ITEMS = 250
ADDED = 100
BLOCK = 262_144
"""Bytes of a block of a DuckDB file (https://duckdb.org/docs/stable/internals/storage)."""


class Grown(msgspec.Struct):
    """A lake of some size.

    Attributes:
        destination: `duckdb` or `parquet`.
        additions: rows of `playlist_additions` before anything was added.
        states: rows of `playlist_snapshots` then.
        listed: keys in all these states.
        megabytes: of all its files then, in 10^6 bytes.
        addition_bytes: what a row of `playlist_additions` takes.
        state_bytes: what a row of `playlist_snapshots` takes.
        runs: what each sync took that added items.
    """

    destination: str
    additions: int
    states: int
    listed: int
    megabytes: float
    addition_bytes: float
    state_bytes: float
    runs: list[Took]


class Outcome(msgspec.Struct):
    """A run of the benchmark, as it is written with `--out`: lakes of each destination, the smallest first."""

    machine: Machine
    lakes: list[Grown]


@click.command()
@click.option("--items", multiple=True, type=int, default=SIZES, show_default=True, help="Additions of a lake.")
@click.option("--repeats", default=5, show_default=True, help="Rounds.")
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), help="Where to make the lakes, and keep them."
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the figures here, as JSON.")
@click.option("--smoke", is_flag=True, help="Tiny lakes and one round: does it work at all?")
def main(items: Sequence[int], repeats: int, folder: Path | None, out: Path | None, smoke: bool) -> None:
    """Measure adding to lakes of different sizes."""
    with TemporaryDirectory(prefix="playlake-growth-") as place:
        outcome = smoked(Path(place)) if smoke else grown(items, repeats, folder or Path(place))
    _print(outcome)
    if out is not None:
        out.write_bytes(msgspec.json.format(msgspec.json.encode(outcome), indent=2) + b"\n")


def smoked(folder: Path) -> Outcome:
    """A smoke test: the same on tiny lakes, once."""
    return grown((SMOKE_ITEMS, 4 * SMOKE_ITEMS), 1, folder, seed_items=SMOKE_ITEMS, uncounted=0)


def grown(
    sizes: Sequence[int],
    repeats: int,
    folder: Path,
    *,
    seed_items: int = SEED_ITEMS,
    uncounted: int = 1,
    kinds: Sequence[str] = DESTINATIONS,
) -> Outcome:
    """Makes the lakes, if they are not in the folder yet, and measures syncs that add to them.

    Args:
        sizes: additions of the lakes.
        repeats: rounds that count; before them are some that do not.
        folder: where the lakes are.
        seed_items: additions of the lake that is copied.
        uncounted: rounds before those that count; none of both only makes the lakes.
        kinds: destinations.
    """
    machine = this_machine()
    world = generate(1, playlists=SEED_PLAYLISTS, items=seed_items)
    with Sandbox(world) as api, settings_of(api, folder) as settings:
        lakes = {(kind, size): lake_of(kind, size, folder, seed_items) for size in sizes for kind in kinds}
        if not all(lake.exists() for lake in lakes.values()):
            _make_seeds(world, folder, settings, seed_items)
        else:
            _edit(world)
        for (kind, size), lake in lakes.items():
            if not lake.exists():
                click.echo(f"{kind}: a lake of {size:,} additions …", err=True)
                _copy(lake_of(kind, seed_items, folder, seed_items), lake)
                grow(lake, range(1, max(1, size // seed_items)))
        found = {key: _described(lake) for key, lake in lakes.items()}
        # Lakes that were measured before have some of the items already.
        numbers = count(seed_items + max(found[key].additions - key[1] for key in lakes))
        for number in range(uncounted + repeats):
            add(world, numbers)
            for key, lake in lakes.items():
                end = _sync(lake, folder, settings)
                found[key].runs += [end] if number >= uncounted else []
    return Outcome(machine, sorted(found.values(), key=lambda lake: (lake.destination, lake.additions)))


def lake_of(kind: str, size: int, folder: Path, seed_items: int) -> Lake:
    """The lake of so many additions in a folder; the smallest, of which the others are copies, is called otherwise."""
    name = "seed" if size == seed_items else str(size)
    return Lake(kind, str(folder / (f"{name}.duckdb" if kind == "duckdb" else name)))


@contextmanager
def settings_of(api: Sandbox, folder: Path) -> Iterator[dict[str, str]]:
    """The environment that leads a sync to the sandbox."""
    folder.mkdir(parents=True, exist_ok=True)
    account = {"CLIENT_ID": api.client_id, "CLIENT_SECRET": api.client_secret, "REFRESH_TOKEN": api.refresh_token}
    account = {f"SOURCES__SPOTIFY__CREDENTIALS__{name}": value for name, value in account.items()}
    addresses = {"SOURCES__SPOTIFY__API_URL": api.api_url, "SOURCES__SPOTIFY__ACCOUNTS_URL": api.accounts_url}
    yield environment(folder, "") | account | addresses


def _make_seeds(world: World, folder: Path, settings: Mapping[str, str], seed_items: int) -> None:
    """Two syncs, between which something changes on every playlist that is not empty."""
    seeds = [lake_of(kind, seed_items, folder, seed_items) for kind in DESTINATIONS]
    for seed in seeds:
        _sync(seed, folder, settings)
    _edit(world)
    for seed in seeds:
        _sync(seed, folder, settings)


def _edit(world: World) -> None:
    for playlist in _readable(world):
        gone = playlist.remove([0])
        playlist.insert(len(playlist), [entry.uri for entry in gone], added_at="2026-11-01T00:00:00Z")


def _readable(world: World) -> list[Playlist]:
    """The user's own playlists of some length, the shortest first."""
    own = [playlist for playlist in world.listed() if playlist.belongs_to(world.me.id) and len(playlist) > 1]
    return sorted(own, key=len)


def add(world: World, numbers: Iterator[int]) -> None:
    """Puts items on a playlist of middle length, each at a time of its own."""
    playlists = _readable(world)
    playlist = playlists[len(playlists) // 2]
    for _ in range(ADDED):
        number = next(numbers)
        time = f"{2000 + number // 86_400 % 25}-01-01T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}Z"
        playlist.insert(len(playlist), [world.catalogue.uri(number % 100)], added_at=time)


def _sync(lake: Lake, folder: Path, settings: Mapping[str, str]) -> Took:
    log = folder / "log.txt"
    path = ["--path", lake.location, "--destination", lake.destination]
    end = took([sys.executable, "-m", "tests.benchmarks.as_installed", "sync", *path], settings, ROOT, log)
    if end.code:
        msg = f"A sync of {lake.location} ended with {end.code}: {log.read_text(errors='replace')[-1000:]}"
        raise click.ClickException(msg)
    return end


def _copy(seed: Lake, lake: Lake) -> None:
    if seed.destination == "duckdb":
        shutil.copy(seed.location, lake.location)
    else:
        shutil.copytree(seed.location, lake.location)


def _described(lake: Lake) -> Grown:
    with lake.open() as connection:
        additions, states, listed = (
            connection.execute(sql).fetchall()[0][0]
            for sql in (
                "SELECT count(*) FROM playlist_additions",
                "SELECT count(*) FROM playlist_snapshots",
                "SELECT sum(item_count) FROM playlist_snapshots",
            )
        )
        sizes = [_bytes(connection, lake, table) for table in ("playlist_additions", "playlist_snapshots")]
    place = Path(lake.location)
    files = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    kept = (sizes[0] / additions, sizes[1] / states)
    return Grown(lake.destination, additions, states, int(listed), megabytes, *kept, [])


def _bytes(connection: duckdb.DuckDBPyConnection, lake: Lake, table: str) -> int:
    """Size of a table on disk."""
    if lake.destination != "duckdb":
        files = (Path(lake.location) / lake.dataset / table).glob("*.parquet")
        return sum(file.stat().st_size for file in files)
    # A block may have parts of several columns.
    blocks = f"SELECT block_id FROM pragma_storage_info('{lake.dataset}.{table}') WHERE block_id >= 0"
    more = f"SELECT unnest(additional_block_ids) FROM pragma_storage_info('{lake.dataset}.{table}')"
    (found,) = connection.execute(f"SELECT count(*) FROM ({blocks} UNION {more})").fetchall()
    return int(found[0]) * BLOCK


def _print(outcome: Outcome) -> None:
    table = Table("destination", box=None)
    for heading in ("additions", "MB", "B/addition", "B/state", "B/listed", "CPU s", "wall s", "peak MB", "CPU ratio"):
        table.add_column(heading, justify="right")
    for lake in outcome.lakes:
        smallest = next(other for other in outcome.lakes if other.destination == lake.destination)
        table.add_row(
            lake.destination,
            f"{lake.additions:,}",
            f"{lake.megabytes:,.1f}",
            f"{lake.addition_bytes:.1f}",
            f"{lake.state_bytes:,.0f}",
            f"{lake.state_bytes * lake.states / lake.listed:.1f}",
            f"{median(run.cpu_seconds for run in lake.runs):.2f}",
            f"{median(run.wall_seconds for run in lake.runs):.2f}",
            f"{median(run.peak_megabytes for run in lake.runs):.0f}",
            "{:.2f} ({:.2f}-{:.2f})".format(*growth(lake, smallest)),
        )
    Console(width=140).print(table)


def growth(lake: Grown, smallest: Grown) -> tuple[float, float, float]:
    """CPU time by that of the smallest lake, round by round: the middle, the least and the most."""
    ratios = [one.cpu_seconds / other.cpu_seconds for one, other in zip(lake.runs, smallest.runs, strict=True)]
    return median(ratios), min(ratios), max(ratios)


if __name__ == "__main__":
    main()
