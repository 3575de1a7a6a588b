"""How long a person waits for an answer of a large lake: the views for people, and the cookbook's queries.

    python -m tests.benchmarks.queries [--items 1000000]… [--repeats 3] [--folder DIR] [--out FILE] [--smoke]

The lakes are those of `growth`, one of each destination, made in the folder if they are not there. Each answer is
written to a temporary table with all its columns and rows, in a connection of its own, as `playlake query` opens one;
opening is counted, starting Python is not.
"""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click
import duckdb
import msgspec
from rich.console import Console
from rich.table import Table

from pipelines.destinations.lake import Lake
from tests.benchmarks.growth import DESTINATIONS, SMOKE_ITEMS, grown, lake_of
from tests.benchmarks.machine import Machine, this_machine
from tests.cookbook import recipes

ONE = """
SELECT playlist_id, name FROM playlists WHERE items_total BETWEEN 50 AND 5000 AND name NOT LIKE '%''%'
ORDER BY playlist_id LIMIT 1
"""
"""A playlist that is neither tiny nor huge."""

PEOPLE = {
    "items of one playlist, by its id": "FROM items WHERE playlist_id = '{id}'",
    "items of one playlist, by its name": "FROM items WHERE playlist = '{name}'",
    "items_at of one playlist": "FROM items_at('2100-01-01') WHERE playlist_id = '{id}'",
    "item_changes of one playlist": "FROM item_changes WHERE playlist_id = '{id}'",
    "item_history of one playlist": "FROM item_history WHERE playlist_id = '{id}'",
    "items, the newest 100": "FROM items ORDER BY added_at DESC LIMIT 100",
    "item_changes, the newest 100": "FROM item_changes ORDER BY observed_at DESC LIMIT 100",
    "items, counted": "SELECT count(*) FROM items",
    "items, all rows": "FROM items",
    "items_at, all rows": "FROM items_at('2100-01-01')",
    "item_changes, all rows": "FROM item_changes",
    "item_history, all rows": "FROM item_history",
}
"""What is asked of the views for people; the time is after all that was seen."""


class Answer(msgspec.Struct):
    """What one query took on one lake.

    Attributes:
        destination: `duckdb` or `parquet`.
        query: what was asked.
        is_recipe: whether it is one of the cookbook's.
        rows: rows of the answer.
        seconds: from opening the lake to the last row, of each repeat.
        cpu_seconds: CPU time of all threads, of each repeat.
        failure: the first line of what was said where there was no answer.
    """

    destination: str
    query: str
    is_recipe: bool
    rows: int
    seconds: list[float]
    cpu_seconds: list[float]
    failure: str | None = None


class Asked(msgspec.Struct):
    """The answers of lakes with so many additions."""

    additions: int
    answers: list[Answer]


class Outcome(msgspec.Struct):
    """A run of the benchmark, as it is written with `--out`: the smallest lakes first."""

    machine: Machine
    lakes: list[Asked]


@click.command()
@click.option("--items", multiple=True, type=int, default=(1_000_000,), show_default=True, help="Additions of a lake.")
@click.option("--repeats", default=3, show_default=True, help="How often each is asked.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Where the lakes are, or are made.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the figures here, as JSON.")
@click.option("--smoke", is_flag=True, help="A tiny lake, once: does it work at all?")
def main(items: Sequence[int], repeats: int, folder: Path | None, out: Path | None, smoke: bool) -> None:
    """Time the queries that people ask."""
    with TemporaryDirectory(prefix="playlake-queries-") as place:
        outcome = asked((SMOKE_ITEMS,) if smoke else items, 1 if smoke else repeats, folder or Path(place))
    _print(outcome)
    if out is not None:
        out.write_bytes(msgspec.json.format(msgspec.json.encode(outcome), indent=2) + b"\n")


def asked(sizes: Sequence[int], repeats: int, folder: Path) -> Outcome:
    """Asks everything of the lakes of a folder, which are made if they are not there."""
    machine = this_machine()
    return Outcome(machine, [_asked(size, repeats, folder) for size in sorted(sizes)])


def _asked(items: int, repeats: int, folder: Path) -> Asked:
    seed = min(items, SMOKE_ITEMS) if items < 10_000 else 10_000
    described = grown((items,), 0, folder, seed_items=seed, uncounted=0)
    answers = [answer for kind in DESTINATIONS for answer in _answers(lake_of(kind, items, folder, seed), repeats)]
    return Asked(described.lakes[0].additions, answers)


def _answers(lake: Lake, repeats: int) -> Iterator[Answer]:
    with lake.open() as connection:
        [(playlist_id, name)] = connection.execute(ONE).fetchall()
    for is_recipe, queries in ((False, PEOPLE), (True, recipes())):
        for query, template in queries.items():
            sql = template if is_recipe else template.format(id=playlist_id, name=name)
            answer = Answer(lake.destination, query, is_recipe, 0, [], [])
            for _ in range(repeats):
                wall, cpu = time.perf_counter(), time.process_time()
                with lake.open() as connection:
                    try:
                        connection.execute(f"CREATE TEMP TABLE answer AS {sql.strip().rstrip(';')}")
                        [(answer.rows,)] = connection.execute("SELECT count(*) FROM answer").fetchall()
                    except duckdb.Error as error:
                        answer.failure = str(error).partition("\n")[0]
                        break
                    answer.seconds.append(time.perf_counter() - wall)
                    answer.cpu_seconds.append(time.process_time() - cpu)
            yield answer


def _print(outcome: Outcome) -> None:
    for asked in outcome.lakes:
        table = Table(f"{asked.additions:,} additions", "lake", box=None)
        for heading in ("rows", "seconds", "CPU s"):
            table.add_column(heading, justify="right")
        for answer in asked.answers:
            took: Sequence[str] = (answer.failure or "", "")
            if not answer.failure:
                took = (f"{median(answer.seconds):.2f}", f"{median(answer.cpu_seconds):.2f}")
            table.add_row(answer.query, answer.destination, f"{answer.rows:,}", *took)
        Console(width=140).print(table)


if __name__ == "__main__":
    main()
