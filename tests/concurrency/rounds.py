"""Two machines that sync and compact one lake at once, round after round: `python -m tests.concurrency.rounds`.

Each machine is a process with a name and a working folder of its own. In a round the world changes, and both sync and
compact at the same moment, the second in the other order every other time; who is told to try later does so. At the
end the lake holds what DuckDB holds that was synced by one process alone: nothing is lost, and nothing there twice.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from unittest.mock import patch

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from schemas import VIEWS
from sources.spotify_sandbox import Sandbox, evolve, generate
from tests.cluster.cluster import bare_environment, bucket_settings
from tests.cluster.processes import Programs
from tests.cluster.servers import BUCKET, seaweedfs
from tests.concurrency.pairs import twice
from tests.ducklake.catalogue import catalogue
from tests.faults.comparing import contents
from tests.pipelines.driving import CHECKOUT, settings

PLACES = ("folder", "s3", "ducklake")
WEED = CHECKOUT / ".venv-cluster" / "bin" / "weed"
"""SeaweedFS's command, where `make cluster` installs it."""
TRY_LATER = 75
PATIENCE = 20
"""How often a machine is told to try later, at most: the other one is done by then."""
CHANGES = 6
"""Changes of the world before each round."""


@dataclass(slots=True)
class Outcome:
    """What came of it.

    Attributes:
        rounds: how many were played.
        codes: how often the machines ended with which exit code, by order.
        wrong: what must not be.
    """

    rounds: int = 0
    codes: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def told(self) -> str:
        """The exit codes, for people."""
        return ", ".join(f"{count} {order} {code}" for (order, code), count in sorted(self.codes.items()))


def play(
    place: str,
    rounds: int,
    folder: Path,
    weed: Path | None = None,
    seconds: float = inf,
    tell: Callable[[str], object] = str,
) -> Outcome:
    """Plays so many rounds on a new lake, and compares.

    Args:
        place: one of `PLACES`.
        rounds: how many.
        folder: for everything.
        weed: SeaweedFS's command, for a lake on S3.
        seconds: after which no other round begins.
        tell: progress, for people.
    """
    outcome, world, begun = Outcome(), generate(seed=7, playlists=5, items=60), time.monotonic()
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, {"DLT_DATA_DIR": str(folder / "alone")}))
        lake = stack.enter_context(_made(place, folder, weed))
        alone = Lake("duckdb", str(folder / "alone.duckdb"))
        api = stack.enter_context(Sandbox(world))
        lakes = (lake, alone)
        for each in lakes:
            sync(lake=each, **settings(api))
        machines = [stack.enter_context(_machine(number, lake, api, folder)) for number in range(2)]
        for number in range(rounds):
            if time.monotonic() - begun > seconds:
                break
            evolve(world, Random(number), CHANGES)
            second = ("compact", "sync") if number % 2 else ("sync", "compact")
            for orders in zip(("sync", "compact"), second, strict=True):
                _together(machines, orders, outcome)
            for _ in range(2):
                sync(lake=alone, **settings(api))
            outcome.rounds += 1
            tell(f"round {outcome.rounds}: {outcome.told}")
        # What left the library is known after two lists that lack it.
        for each in (*lakes, *lakes):
            sync(lake=each, **settings(api))
        outcome.wrong += _differences(*lakes)
    return outcome


@contextmanager
def _made(place: str, folder: Path, weed: Path | None) -> Iterator[Lake]:
    """A lake that is not there yet, to which dlt's settings lead as long as the block lasts."""
    if place == "folder":
        yield Lake("parquet", str(folder / "lake"))
    elif place == "s3":
        assert weed is not None, "SeaweedFS's command weed is needed: make cluster installs it"
        programs = Programs(folder / "logs", bare_environment(folder))
        with ExitStack() as stack:
            stack.callback(programs.end)
            stack.enter_context(patch.dict(os.environ, bucket_settings(seaweedfs(programs, weed, folder))))
            yield Lake("parquet", f"s3://{BUCKET}/lake")
    else:
        with catalogue(folder / "files") as (_, variables), patch.dict(os.environ, variables):
            yield Lake("ducklake")


@contextmanager
def _machine(number: int, lake: Lake, api: Sandbox, folder: Path) -> "Iterator[subprocess.Popen[str]]":
    machine = {
        "host": f"host{number}",
        "lake": [lake.destination, lake.path, lake.dataset],
        "settings": settings(api),
    }
    with (folder / f"host{number}.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.concurrency.machine", json.dumps(machine)],
            cwd=folder,
            env=os.environ | {"DLT_DATA_DIR": str(folder / f"host{number}"), "PYTHONPATH": str(CHECKOUT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


def _together(machines: "Sequence[subprocess.Popen[str]]", orders: Sequence[str], outcome: Outcome) -> None:
    """Gives both machines an order at the same moment, and again to who is told to try later."""
    waiting = dict(enumerate(orders))
    for _ in range(PATIENCE):
        for number, order in waiting.items():
            _write(machines[number], order)
        ended = {number: _answer(machines[number]) for number in waiting}
        outcome.codes.update((waiting[number], code) for number, (code, _) in ended.items())
        outcome.wrong += [
            f"{waiting[number]} ended with {code}: {said}"
            for number, (code, said) in ended.items()
            if code not in {0, TRY_LATER}
        ]
        waiting = {number: order for number, order in waiting.items() if ended[number][0] == TRY_LATER}
        if not waiting:
            return
    outcome.wrong.append(f"{waiting} did not come to its turn")


def _write(machine: "subprocess.Popen[str]", order: str) -> None:
    assert machine.stdin is not None
    machine.stdin.write(f"{order}\n")
    machine.stdin.flush()


def _answer(machine: "subprocess.Popen[str]") -> tuple[int, str]:
    assert machine.stdout is not None
    code, said = json.loads(machine.stdout.readline() or '[1, "the process has ended"]')
    return int(code), str(said)


def _differences(lake: Lake, alone: Lake) -> Iterator[str]:
    """What one has and the other has not, and what stands twice."""
    found, expected = contents(lake), contents(alone)
    for name, rows in expected.items():
        missing, extra = rows - found[name], found[name] - rows
        if name not in VIEWS:
            # Two machines may store the same state; views show it once.
            missing, extra = Counter(rows.keys() - found[name]), Counter(found[name].keys() - rows)
        if missing or extra:
            yield f"{name}: {missing.total()} missing, {extra.total()} too much, as {[*missing, *extra][:1]}"
    yield from twice(lake)


def main() -> int:
    """Plays and prints; 0 if nothing is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--place", choices=PLACES, action="append", help="of the lake; can be repeated (all three)")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=inf, help="after which no other round begins")
    parser.add_argument("--weed", type=Path, default=WEED, help="SeaweedFS")
    options = parser.parse_args()
    places = options.place or PLACES
    if "s3" in places and not options.weed.is_file():
        parser.error(f"--weed: there is no {options.weed}; make cluster installs SeaweedFS")
    failed = False
    for place in places:
        begun, used = time.monotonic(), os.times()
        with TemporaryDirectory(prefix="playlake-rounds-") as folder:
            outcome = play(
                place,
                options.rounds,
                Path(folder),
                options.weed.resolve(),
                options.seconds,
                lambda text: _say(f"  {text}"),
            )
        now = os.times()
        cpu = sum(now[:4]) - sum(used[:4])
        took = f"{time.monotonic() - begun:.0f} s, {cpu:.0f} s of processor time"
        _say(f"{place}: {outcome.rounds} rounds, {outcome.told}; {took}; {len(outcome.wrong)} things wrong")
        for each in outcome.wrong:
            _say(f"NOT SO: {each}")
        failed |= bool(outcome.wrong)
    return int(failed)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
