"""Writes docs/benchmarks.md and its pictures from the figures beside it: `python -m tests.benchmarks.report`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from textwrap import fill
from typing import Any

import msgspec

from tests.benchmarks.growth import Outcome as Growth
from tests.benchmarks.growth import growth
from tests.benchmarks.load import BASE, Loading, ratio
from tests.benchmarks.load import Outcome as Load
from tests.benchmarks.machine import Machine
from tests.benchmarks.nothing_new import Outcome as NothingNew
from tests.benchmarks.plots import draw
from tests.benchmarks.queries import Answer
from tests.benchmarks.queries import Outcome as Queries
from tests.benchmarks.upstream import Outcome as Upstream

DOCS = Path(__file__).resolve().parents[2] / "docs"
FIGURES: dict[str, Any] = {
    "load": Load,
    "nothing_new": NothingNew,
    "growth": Growth,
    "queries": Queries,
    "upstream": Upstream,
}
WAIT = 1.0
"""Seconds that a person waits for an answer."""

HEAD = """# Benchmarks

`make bench` measures all this again and writes this page, its pictures and the [raw figures](benchmarks) beside it;
`make bench ARGS=--smoke` only sees that it runs, on tiny data, and keeps nothing. How each program is called alone is
in `tests/benchmarks/README.md`.

Each figure is of a whole process with its children: its start, its imports, its end. CPU seconds are user and system
time; the peak is the most memory that one process had resident. Programs take turns, in rounds, and a ratio is of two
figures of the same round: what is shown is the median of the rounds, with the least and the most in brackets. Only
ratios can be compared between machines, and wall seconds mean little on one that is busy.
"""
LOADING = """## Loading

Somebody's playlists come from the Web API into tables for the first time. The answers are those of the sandbox as an
app with extended access gets them, with lists of markets at every track and album, 3.8 KB an entry; they are served
from files by a process that counts for nobody, without compression or encryption. A person's few lists have 1,000
entries, a large library 10,000, a curator's or a researcher's 100,000, an archive a million. `rest_api` with its
defaults makes a row of each market: of it 40,000 entries are the most that are measured.

`floor` is the least that such work can be: one request after the other, typed decoding, the same rows, one file; it has
no errors, retries, increments, checks or history. `tutorial` has one table with a few columns. `exportify_cli` writes
CSV files. What differs between the tables is in [the comparison](comparison.md).

Of a million entries, half of the memory is DuckDB's, which at the end of a load rewrites parts of `tracks` with their
lists of markets. Without these lists, as apps in development mode get tracks, the peak was 626 MB (measured once).
"""
DIRTY = """### What is kept of a dirty playlist

One playlist of each library has entries that programs stumble over: local files, episodes, entries whose item is null,
the same track several times, some of them in the same second.
"""
LITTLE = """## Little to do

A command of which little is asked takes what its imports take, and a bit more. A sync is compared with
`import dlt, duckdb, pyarrow, requests`, all else with `import duckdb`; both are whole processes. A sync that finds
nothing new asks for the list of playlists and for those whose version says nothing, compares, and writes a row in
`runs`, without a run of dlt's.

What stays above the imports: playlake's own modules (a quarter of it), DuckDB, which is opened five times, dlt's
pipeline and clients, and reading back what is stored.
"""
GROWING = """## Growth

A hundred items are put on a playlist of middle length, and `playlake sync` brings the lake up to date. The lakes differ
in what they hold already, and not in the user's library: all else in them belongs to other users, each with twenty
playlists of 500 items on average.
"""
AGE = """What a sync reads back does not depend on how often the lake was synced: the contents of the playlists that it
reads are asked for together, a lake's folder is listed a few times and its views are not made, and of a large lake a
part is checked each time. Playlists of other users are not asked for. What is left grows with what is stored: columns
of ids are looked through, tracks above all, and DuckDB writes a checkpoint.
"""
STORAGE = """A state is a row of `playlist_snapshots`, with the keys of all items in their order.
"""
UPSTREAM = """## What to ask of dlt

CPU seconds of a sync that adds a hundred items, in a process that has imported everything, and what of them is dlt's.
The first line is the whole run of the pipeline without the time that it waits for rows; the others are parts of it, and
of what comes before and after. They can only go in [dlt](https://github.com/dlt-hub/dlt) itself.
"""
ASKING = """## Queries

What a person waits for, from opening the lake to the last row of the answer, which is written to a temporary table.
The median of the repeats counts; starting Python is not in it. Answers that take more than a second are in bold.
"""


def write(folder: Path, docs: Path = DOCS) -> None:
    """Writes the page and its pictures.

    Args:
        folder: where the figures are, as JSON; what is not there is left out.
        docs: where to.
    """
    found = {
        name: msgspec.json.decode((folder / f"{name}.json").read_bytes(), type=kind)
        for name, kind in FIGURES.items()
        if (folder / f"{name}.json").is_file()
    }
    parts = [HEAD]
    if "load" in found:
        parts += _loading(found["load"])
    if "nothing_new" in found:
        parts += _nothing_new(found["nothing_new"])
    if "growth" in found:
        parts += _growth(found["growth"])
    if "queries" in found:
        parts += _queries(found["queries"])
    if "upstream" in found:
        parts += _upstream(found["upstream"])
    (docs / "benchmarks.md").write_text("\n".join(parts), encoding="utf-8")
    draw(found, docs / "benchmarks")


def _machine(machine: Machine) -> str:
    memory = "" if machine.memory_gigabytes is None else f", {machine.memory_gigabytes:.0f} GB"
    # More than one program a processor makes every figure larger, CPU seconds too.
    busy = "" if machine.busy is None else f" {machine.busy:.1f} programs wanted a processor when it began."
    versions = ", ".join(f"{name} {version}" for name, version in machine.versions.items())
    where = f"{machine.system}, {machine.cpus} CPUs ({machine.processor}){memory}, Python {machine.python}, {versions}"
    return fill(f"Measured on {machine.measured_at}: {where}.{busy}", 120) + "\n"


def _loading(outcome: Load) -> Iterator[str]:
    yield LOADING
    yield _machine(outcome.machine)
    for loading in outcome.loadings:
        yield f"### {loading.items:,} entries, {loading.answer_bytes / 1e6:,.0f} MB of answers\n"
        yield _table(("way", *HEADINGS), list(_ways(loading)))
    yield "![CPU time by the floor's](benchmarks/load.svg)\n"
    for name, needed in outcome.missing.items():
        yield f"`{name}` was not measured: {needed} was not installed.\n"
    failures = {
        result.name: result.failure for loading in outcome.loadings for result in loading.results if result.failure
    }
    for name, failure in failures.items():
        yield f"`{name}` did not come to its end: `{failure}`. What it had written by then is counted below.\n"
    yield DIRTY
    kinds = outcome.loadings[0].dirty
    rows = [["*there are*", *map(str, kinds.values())]]
    rows += [
        [f"`{result.name}`", *(str(result.dirty[kind]) for kind in kinds)]
        for result in outcome.loadings[0].results
        if result.dirty
    ]
    yield _table(("way", *kinds), rows)


HEADINGS = ("kept", "requests", "MB", "CPU s", "wall s", "peak MB", "CPU / floor", "CPU / playlake")


def _ways(loading: Loading) -> Iterator[list[str]]:
    by_name = {result.name: result for result in loading.results}
    for result in loading.results:
        if not result.runs:
            continue
        ratios = ["", ""]
        for place, base in enumerate((BASE, "playlake")):
            if base in by_name:
                ratios[place] = _spread(ratio(result, by_name[base], "cpu_seconds"))
        yield [
            f"`{result.name}`",
            "" if result.entries is None else f"{result.entries:,}",
            f"{result.median('requests'):,.0f}",
            f"{result.median('megabytes'):,.0f}",
            f"{result.median('cpu_seconds'):.1f}",
            f"{result.median('wall_seconds'):.1f}",
            f"{result.median('peak_megabytes'):,.0f}",
            *ratios,
        ]
    yield ["*least possible*", f"{loading.items:,}", f"{loading.least_requests:,}", *[""] * 6]


def _nothing_new(outcome: NothingNew) -> Iterator[str]:
    yield LITTLE
    yield _machine(outcome.machine)
    rows = []
    for little in outcome.commands:
        cpu, wall = (median(getattr(run, field) for run in little.runs) for field in ("cpu_seconds", "wall_seconds"))
        ratios = [_spread(little.ratio(field)) for field in ("cpu_seconds", "wall_seconds")]
        rows.append([little.what, f"{cpu:.2f}", f"{wall:.2f}", *ratios])
    yield _table(("command", "CPU s", "wall s", "CPU / imports", "wall / imports"), rows)


def _upstream(outcome: Upstream) -> Iterator[str]:
    yield UPSTREAM
    yield _machine(outcome.machine)
    kinds = list(outcome.syncs)
    rows = [["*a whole sync*", *(text for kind in kinds for text in (f"{outcome.syncs[kind]:.2f}", "1"))]]
    rows += [
        [costs[0].what, *(text for cost in costs for text in (f"{cost.cpu_seconds:.2f}", f"{cost.calls:.0f}"))]
        for costs in zip(*outcome.costs.values(), strict=True)
    ]
    yield _table(("what", *(f"{kind}, {unit}" for kind in kinds for unit in ("CPU s", "calls"))), rows)
    yield "Once in each process:\n"
    yield _table(("what", "CPU s"), [[cost.what, f"{cost.cpu_seconds:.2f}"] for cost in outcome.imports])


def _growth(outcome: Growth) -> Iterator[str]:
    yield GROWING
    yield _machine(outcome.machine)
    rows, sizes = [], []
    for lake in outcome.lakes:
        smallest = next(other for other in outcome.lakes if other.destination == lake.destination)
        figures = [median(getattr(run, field) for run in lake.runs) for field in ("cpu_seconds", "wall_seconds")]
        peak = median(run.peak_megabytes for run in lake.runs)
        times = [f"{value:.1f}" for value in figures]
        rows.append([lake.destination, f"{lake.additions:,}", *times, f"{peak:,.0f}", _spread(growth(lake, smallest))])
        of_key = lake.state_bytes * lake.states / lake.listed
        stored = [f"{lake.megabytes:,.0f}", f"{lake.addition_bytes:.0f}", f"{lake.state_bytes:,.0f}", f"{of_key:.1f}"]
        sizes.append([lake.destination, f"{lake.additions:,}", f"{lake.states:,}", *stored])
    yield _table(("lake", "additions", "CPU s", "wall s", "peak MB", "CPU / smallest"), rows)
    yield "![CPU time of a sync by what is stored](benchmarks/growth.svg)\n"
    yield AGE
    yield STORAGE
    yield _table(
        ("lake", "additions", "states", "MB", "bytes an addition", "bytes a state", "bytes a key of a state"), sizes
    )


def _queries(outcome: Queries) -> Iterator[str]:
    yield ASKING
    yield _machine(outcome.machine)
    for asked in outcome.lakes:
        yield f"### Lakes of {asked.additions:,} additions\n"
        for is_recipe, title in ((False, "the views for people"), (True, "the cookbook's queries")):
            yield _answers([answer for answer in asked.answers if answer.is_recipe is is_recipe], title)
        slow = sum(median(answer.seconds) > WAIT for answer in asked.answers if not answer.failure)
        yield f"{len(asked.answers) - slow} of {len(asked.answers)} answers came within a second.\n"


def _answers(answers: Sequence[Answer], title: str) -> str:
    rows: dict[str, list[str]] = {}
    for answer in answers:
        took = [answer.failure, ""]
        if not answer.failure:
            took = [_waited(answer.seconds), f"{median(answer.cpu_seconds):.2f}"]
        rows.setdefault(answer.query, [answer.query, f"{answer.rows:,}"]).extend(map(str, took))
    kinds = dict.fromkeys(answer.destination for answer in answers)
    heads = [f"{kind}, {unit}" for kind in kinds for unit in ("seconds", "CPU s")]
    return _table((title, "rows", *heads), list(rows.values()))


def _waited(seconds: Sequence[float]) -> str:
    waited = median(seconds)
    return f"**{waited:.2f}**" if waited > WAIT else f"{waited:.2f}"


def _spread(values: tuple[float, float, float]) -> str:
    middle, least, most = values
    return f"{middle:.2f}" if least == most else f"{middle:.2f} ({least:.2f}–{most:.2f})"


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---", *["---:"] * (len(headings) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    write(DOCS / "benchmarks")
