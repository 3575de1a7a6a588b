"""How much CPU, time and memory it takes to get 100,000 playlist entries from pages on disk into DuckDB.

    python -m tests.benchmarks.load [--items 100000] [--repeats 3] [--only NAME]… [--out FILE] [--smoke]

Every contestant runs alone in a process of its own, and what is measured is that whole process: start and imports
too. Those that speak HTTP all ask the same server, another process on this machine that answers from files; its CPU
time counts for nobody. Nothing is compressed or encrypted on the way. Results are comparable within one run only.
"""

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import click
import msgspec
from platformdirs import user_cache_path
from rich.console import Console
from rich.table import Table

from tests.benchmarks.contestants import CONTESTANTS
from tests.benchmarks.measure import Result, measured
from tests.benchmarks.pages import library, saved

SMOKE_ITEMS = 250
BASE = "playlake"
"""The contestant that the ratios refer to."""


class Outcome(msgspec.Struct):
    """A run of the benchmark, as it is written with `--out`."""

    items: int
    answer_bytes: int
    machine: dict[str, str]
    versions: dict[str, str]
    results: list[Result]


@click.command()
@click.option("--items", default=100_000, show_default=True, help="Playlist entries to load.")
@click.option("--repeats", default=1, show_default=True, help="Runs of each contestant; slow ones run once.")
@click.option("--only", multiple=True, type=click.Choice([c.name for c in CONTESTANTS]), help="Only this contestant.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the figures here, as JSON.")
@click.option(
    "--pages",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the answers are kept between runs.",
    default=lambda: user_cache_path("playlake") / "benchmarks",
    show_default="the user's cache folder",
)
@click.option("--smoke", is_flag=True, help="A few pages and one run of everything: does it work at all?")
def main(items: int, repeats: int, only: Sequence[str], out: Path | None, pages: Path, smoke: bool) -> None:
    """Compare ways of loading playlists into DuckDB."""
    items, repeats = (SMOKE_ITEMS, 1) if smoke else (items, repeats)
    place = saved(pages, items)
    results = []
    for contestant in CONTESTANTS:
        if only and contestant.name not in only:
            continue
        click.echo(f"{contestant.name}: {contestant.sentence} …", err=True)
        given = place if contestant.most is None else saved(pages, min(items, contestant.most))
        results.append(measured(contestant, given, repeats))
    _print(results)
    if out is not None:
        held = library(place)
        outcome = Outcome(held.items, held.answer_bytes, _machine(), _versions(), results)
        out.write_bytes(msgspec.json.format(msgspec.json.encode(outcome), indent=2) + b"\n")


def _print(results: Sequence[Result]) -> None:
    table = Table("contestant", box=None)
    for heading in ("items", "start", "CPU s", "wall s", "peak MB", "ms/page", "ratio"):
        table.add_column(heading, justify="right")
    base = next((result.cpu_per_item for result in results if result.name == BASE), None)
    for result in results:
        ratio = "" if base is None else f"{result.cpu_per_item / base:.2f}"
        table.add_row(
            result.name,
            f"{result.items:,}",
            f"{result.start_seconds:.2f}",
            f"{result.cpu_seconds:.2f}",
            f"{result.wall_seconds:.2f}",
            f"{result.peak_megabytes:.0f}",
            f"{result.cpu_per_item * 1e5:.1f}",
            ratio,
        )
    Console().print(table)


def _machine() -> dict[str, str]:
    return {"system": platform.platform(), "cpus": str(os.cpu_count()), "python": platform.python_version()}


def _versions() -> dict[str, str]:
    return {name: version(name) for name in ("dlt", "duckdb", "msgspec", "pyarrow")}


if __name__ == "__main__":
    main()
