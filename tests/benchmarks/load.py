"""What it takes to get playlists from the Web API's pages into a database, in several ways.

    python -m tests.benchmarks.load [--items 1000]… [--repeats 3] [--only NAME]… [--out FILE] [--smoke]

Every contestant runs alone in a process of its own, and what is measured is that whole process: start and imports too.
Those that speak HTTP all ask the same server, another process on this machine that answers from files; its CPU time is
not counted. Nothing is compressed or encrypted on the way. Results are comparable within one run only: each
round has every contestant once, and a ratio is of two figures of the same round.
"""

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

import click
import msgspec
from platformdirs import user_cache_path
from rich.console import Console
from rich.table import Table

from tests.benchmarks.contestants import CONTESTANTS
from tests.benchmarks.machine import Machine, this_machine
from tests.benchmarks.measure import Result, measured
from tests.benchmarks.pages import library, saved

SIZES = (1_000, 10_000, 100_000)
"""A person's few lists, a large library, a curator's or a researcher's; a million takes long and must be asked for."""

SMOKE_SIZES = (250,)
BASE = "floor"
"""The contestant that the ratios refer to."""


class Loading(msgspec.Struct):
    """What was measured on one library.

    Attributes:
        items: entries of its playlists.
        answer_bytes: size of the answers that have each entry once.
        least_requests: the fewest that get them.
        dirty: entries of the dirty playlist, by what they are.
        results: the contestants'.
    """

    items: int
    answer_bytes: int
    least_requests: int
    dirty: dict[str, int]
    results: list[Result]


class Outcome(msgspec.Struct):
    """A run of the benchmark, as it is written with `--out`.

    Attributes:
        machine: where, when and with what.
        missing: contestants that could not run, with what is not installed.
        loadings: by size.
    """

    machine: Machine
    missing: dict[str, str]
    loadings: list[Loading]


class Ratio(NamedTuple):
    """Figures of one contestant by those of another, round by round: the middle, the least and the most."""

    middle: float
    least: float
    most: float


def ratio(one: Result, other: Result, field: str) -> Ratio:
    """How much more one took, in the rounds that both were in."""
    rounds = one.runs.keys() & other.runs.keys()
    ratios = [getattr(one.runs[n], field) / getattr(other.runs[n], field) for n in rounds]
    return Ratio(median(ratios), min(ratios), max(ratios))


@click.command()
@click.option("--items", multiple=True, type=int, default=SIZES, show_default=True, help="Playlist entries to load.")
@click.option("--repeats", default=3, show_default=True, help="Rounds; slow contestants are in the first alone.")
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
def main(items: Sequence[int], repeats: int, only: Sequence[str], out: Path | None, pages: Path, smoke: bool) -> None:
    """Compare ways of loading playlists into DuckDB."""
    outcome = loaded(SMOKE_SIZES if smoke else items, 1 if smoke else repeats, only, pages)
    for loading in outcome.loadings:
        _print(loading)
    if out is not None:
        out.write_bytes(msgspec.json.format(msgspec.json.encode(outcome), indent=2) + b"\n")


def loaded(sizes: Sequence[int], repeats: int, only: Sequence[str], pages: Path) -> Outcome:
    """Measures the contestants, or those that are named, on libraries of some sizes."""
    chosen = [one for one in CONTESTANTS if not only or one.name in only]
    missing = {one.name: one.missing for one in chosen if one.missing}
    loadings = []
    for size in sizes:
        place = saved(pages, size)
        held = library(place)
        able = [one for one in chosen if one.name not in missing and (one.most is None or size <= one.most)]
        click.echo(f"{size:,} items: {', '.join(one.name for one in able)} …", err=True)
        results = measured(able, place, repeats)
        dirty = held.kept(uri for _, uri in held.dirty_entries)
        loadings.append(Loading(held.items, held.answer_bytes, held.least_requests, dirty, results))
    return Outcome(this_machine(), missing, loadings)


def _print(loading: Loading) -> None:
    table = Table(f"{loading.items:,} items", box=None)
    headings = ("kept", "requests", "MB", "CPU s", "wall s", "peak MB", "CPU / floor", "dirty")
    for heading in headings:
        table.add_column(heading, justify="right")
    base = next((result for result in loading.results if result.name == BASE), None)
    for result in loading.results:
        if result.failure:
            table.add_row(result.name, "" if result.entries is None else f"{result.entries:,}", result.failure)
            continue
        by_floor = "" if base is None else "{:.2f} ({:.2f}-{:.2f})".format(*ratio(result, base, "cpu_seconds"))
        table.add_row(
            result.name,
            "" if result.entries is None else f"{result.entries:,}",
            f"{result.median('requests'):,.0f}",
            f"{result.median('megabytes'):,.1f}",
            f"{result.median('cpu_seconds'):.2f}",
            f"{result.median('wall_seconds'):.2f}",
            f"{result.median('peak_megabytes'):.0f}",
            by_floor,
            f"{sum(result.dirty.values())} of {sum(loading.dirty.values())}" if result.dirty else "",
        )
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
