"""What commands take that have little to do, beside what they import: `python -m tests.benchmarks.nothing_new`.

Each is a process of its own, measured as a whole; programs take turns, in rounds, and a ratio is of one round.
"""

import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click
import msgspec

from sources.spotify_sandbox import Sandbox, generate
from tests.benchmarks.as_installed import HIDING
from tests.benchmarks.growth import DESTINATIONS, lake_of, settings_of
from tests.benchmarks.machine import Machine, this_machine
from tests.benchmarks.process import ROOT, Took, took

PLAYLISTS, ITEMS = 20, 1_000
IMPORTS = {
    "a sync's": "import dlt, duckdb, pyarrow, requests",
    "a query's": "import duckdb",
}


class Little(msgspec.Struct):
    """A command that has little to do.

    Attributes:
        what: what it does.
        beside: the imports that it is compared with, a key of `IMPORTS`.
        runs: what it took in each round.
        imports: what they took in the same rounds.
    """

    what: str
    beside: str
    runs: list[Took]
    imports: list[Took]

    def ratio(self, field: str) -> tuple[float, float, float]:
        """A figure of the command by that of the imports: the middle, the least and the most."""
        pairs = zip(self.runs, self.imports, strict=True)
        ratios = [getattr(one, field) / getattr(other, field) for one, other in pairs]
        return median(ratios), min(ratios), max(ratios)


class Outcome(msgspec.Struct):
    """What was measured, as it is written with `make bench`."""

    machine: Machine
    commands: list[Little]


def measured(repeats: int) -> Outcome:
    """Fills a lake of each destination, and runs the commands; the first round is not counted."""
    machine = this_machine()
    world = generate(1, playlists=PLAYLISTS, items=ITEMS)
    with TemporaryDirectory(prefix="playlake-nothing-new-") as place, Sandbox(world) as api:
        folder = Path(place)
        with settings_of(api, folder) as settings:

            def run(*arguments: str) -> Took:
                log = folder / "log.txt"
                end = took([sys.executable, *arguments], settings, ROOT, log)
                if end.code:
                    msg = f"{' '.join(arguments)} ended with {end.code}: {log.read_text(errors='replace')[-1000:]}"
                    raise click.ClickException(msg)
                return end

            commands = {
                "`playlake --help`": ("a query's", ["--help"]),
                "`playlake query 'SELECT 1'`": ("a query's", ["query", "SELECT 1", *_lake(folder, "duckdb")]),
            }
            for kind in DESTINATIONS:
                commands[f"a sync that finds nothing new, {kind}"] = ("a sync's", ["sync", *_lake(folder, kind)])
                run("-m", "tests.benchmarks.as_installed", "sync", *_lake(folder, kind))
            found = [Little(what, beside, [], []) for what, (beside, _) in commands.items()]
            for number in range(repeats + 1):
                imports = {name: run("-c", f"{HIDING}; {code}") for name, code in IMPORTS.items()}
                for little in found:
                    end = run("-m", "tests.benchmarks.as_installed", *commands[little.what][1])
                    if number:
                        little.runs.append(end)
                        little.imports.append(imports[little.beside])
    return Outcome(machine, found)


def _lake(folder: Path, kind: str) -> list[str]:
    return ["--destination", kind, "--path", lake_of(kind, ITEMS, folder, ITEMS).location]


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(measured(5)), indent=2) + b"\n")
