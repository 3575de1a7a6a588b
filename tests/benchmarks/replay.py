"""Replays two years of real playlists, a sync for every day on which something changed, and checks every row.

    python -m tests.benchmarks.replay HISTORY [--days N] [--playlists N] [--destination NAME]… [--compact-every N]
        [--out FILE]

HISTORY is a folder of daily observations as the sandbox loads them (`sources.spotify_sandbox.load`). Each destination
is filled in a run of its own. At its end the lake is held against the truth, which is worked out from the files of
the history alone: contents and order, one state for every version, every stay, every addition, removal and move.
The sandbox runs in this process, so its CPU time is part of the figures. Ends with 1 if any row differs.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import chdir
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click
import msgspec
from rich.console import Console
from rich.table import Table

from pipelines.destinations.lake import Lake
from pipelines.destinations.parquet.maintenance import compact
from tests.replay.replaying import Step, changing_days, replay, some_playlists
from tests.replay.truth import Truth
from tests.replay.verdict import Calendar, Verdict, verdicts

STRIDE = 50
"""Steps between two looks at the size."""


class Size(msgspec.Struct):
    """How large a lake is after some steps: bytes and number of its files, and how long the steps took.

    Attributes:
        steps: syncs so far.
        megabytes: of all its files, in 10**6 bytes.
        files: how many.
        median_seconds: of the syncs since the size before.
        median_cpu_seconds: the same in CPU time.
    """

    steps: int
    megabytes: float
    files: int
    median_seconds: float
    median_cpu_seconds: float


class Outcome(msgspec.Struct):
    """A replay into one destination, as it is written with `--out`."""

    destination: str
    days: int
    first_day: date
    last_day: date
    playlists: int
    versions: int
    entries: int
    requests: int
    seconds: float
    median_seconds: float
    median_cpu_seconds: float
    sizes: list[Size]
    verdicts: list[Verdict]

    @property
    def is_right(self) -> bool:
        """Whether every row is as it should be."""
        return all(verdict.percent == 100 for verdict in self.verdicts)


@click.command()
@click.argument("history", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--days", type=int, help="Only the first so many days.")
@click.option("--playlists", type=int, help="Only so many playlists, those that were seen first.")
@click.option(
    "--destination",
    "destinations",
    multiple=True,
    type=click.Choice(["duckdb", "parquet"]),
    default=["duckdb", "parquet"],
    show_default="both, one after the other",
)
@click.option("--compact-every", type=int, help="Compact a Parquet lake after every so many syncs.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the figures here, as JSON.")
def main(
    history: Path,
    days: int | None,
    playlists: int | None,
    destinations: Sequence[str],
    compact_every: int | None,
    out: Path | None,
) -> None:
    """Sync through a history of real playlists and check every row of the result."""
    outcomes = []
    for destination in destinations:
        with TemporaryDirectory(prefix="playlake-replay-") as folder, chdir(folder):
            os.environ["DLT_DATA_DIR"] = f"{folder}/dlt"
            place = Path(folder)
            chosen = history.absolute() if playlists is None else some_playlists(history.absolute(), playlists, place)
            lake = Lake(destination, str(place / "lake"))
            outcome = _replayed(chosen, changing_days(chosen)[:days], lake, compact_every)
        _print(outcome)
        outcomes.append(outcome)
    if out is not None:
        out.write_bytes(msgspec.json.format(msgspec.json.encode(outcomes), indent=2) + b"\n")
    sys.exit(0 if all(outcome.is_right for outcome in outcomes) else 1)


def _replayed(history: Path, shown: Sequence[date], lake: Lake, compact_every: int | None) -> Outcome:
    steps: list[Step] = []
    sizes: list[Size] = []
    for step in replay(history, shown, lake):
        steps.append(step)
        if compact_every and lake.destination == "parquet" and len(steps) % compact_every == 0:
            compact(lake)
        if len(steps) % STRIDE == 0 or len(steps) == len(shown):
            sizes.append(_size(Path(lake.location), steps))
            click.echo(f"{lake.destination} {step.day}: {_sentence(sizes[-1])}", err=True)
    truth = Truth(history, shown[-1])
    calendar = Calendar([(step.started_at, step.day) for step in steps])
    versions = list(truth.versions)
    return Outcome(
        destination=lake.destination,
        days=len(steps),
        first_day=shown[0],
        last_day=shown[-1],
        playlists=len(truth.states),
        versions=len(versions),
        entries=sum(items for _, _, items in versions),
        requests=sum(step.requests for step in steps),
        seconds=sum(step.seconds for step in steps),
        median_seconds=median(step.seconds for step in steps),
        median_cpu_seconds=median(step.cpu_seconds for step in steps),
        sizes=sizes,
        verdicts=verdicts(lake, truth, calendar),
    )


def _size(place: Path, steps: Sequence[Step]) -> Size:
    files = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    last = steps[-(len(steps) % STRIDE or STRIDE) :]
    return Size(
        steps=len(steps),
        megabytes=sum(path.stat().st_size for path in files) / 1e6,
        files=len(files),
        median_seconds=median(step.seconds for step in last),
        median_cpu_seconds=median(step.cpu_seconds for step in last),
    )


def _sentence(size: Size) -> str:
    return (
        f"{size.steps} syncs, {size.megabytes:.1f} MB in {size.files} files, "
        f"{size.median_seconds:.2f} s and {size.median_cpu_seconds:.2f} CPU s per sync"
    )


def _print(outcome: Outcome) -> None:
    console = Console(soft_wrap=True)
    console.print(
        f"[bold]{outcome.destination}[/]: {outcome.days} syncs from {outcome.first_day} to {outcome.last_day}, "
        f"{outcome.playlists} playlists, {outcome.versions:,} versions, {outcome.entries:,} entries, "
        f"{outcome.requests:,} requests; {outcome.seconds:.0f} s, median {outcome.median_seconds:.2f} s "
        f"and {outcome.median_cpu_seconds:.2f} CPU s per sync"
    )
    for size in outcome.sizes:
        console.print(f"    {_sentence(size)}")
    table = Table("compared", box=None)
    for heading in ("expected", "found", "same", "percent"):
        table.add_column(heading, justify="right")
    for verdict in outcome.verdicts:
        counts = (verdict.expected, verdict.found, verdict.same)
        table.add_row(verdict.what, *(f"{count:,}" for count in counts), f"{verdict.percent:.3f}")
    console.print(table)
    for verdict in outcome.verdicts:
        for title, rows in (("missing", verdict.missing), ("surplus", verdict.surplus)):
            for row in rows:
                console.print(f"    {verdict.what}, {title}: {row}", markup=False)


if __name__ == "__main__":
    main()
