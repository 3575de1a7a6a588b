"""What of a small sync's CPU time is dlt's, by what could be asked of it: `python -m tests.benchmarks.upstream`.

Syncs that add a hundred items run in this process, where functions of dlt's are timed on the thread that calls them.
"""

import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import msgspec
from dlt.common.configuration import resolve
from dlt.common.schema import Schema
from dlt.common.schema import utils as schema_utils
from dlt.pipeline.pipeline import Pipeline

from pipelines.sync.service import sync
from sources.spotify.load_rows import LoadRows
from sources.spotify_sandbox import Sandbox, generate
from sources.stored.load_id import TableRows
from tests.benchmarks import growth
from tests.benchmarks.machine import Machine, this_machine
from tests.benchmarks.process import ROOT, took

ROWS = "rows"
RUN = "run"
ASKED = {
    RUN: "a run with its stages, files between them and packages: a way to load a few finished Arrow tables at once",
    "hash": "hashes of a schema, made whenever it is copied or saved: only when it has changed",
    "copy": "copies of schemas that nobody changes: share them",
    "resolve": "configuration that is resolved again and again: remember it, and the types of its fields",
    "clients": "clients of the destination: keep one for as long as a pipeline is open",
}
"""What costs time, and what would save it. All but the first are a part of other stages too."""
TIMED: tuple[tuple[Any, str, str], ...] = (
    (Pipeline, "run", RUN),
    (schema_utils, "generate_version_hash", "hash"),
    (Schema, "__init__", "copy"),
    (resolve, "_resolve_configuration", "resolve"),
    (Pipeline, "_get_destination_clients", "clients"),
)
IMPORTS = {"import dlt": "dlt", "of that, sqlglot, for programs that parse no SQL": "sqlglot"}


class Cost(msgspec.Struct):
    """What one thing took in a sync: CPU seconds, and how often it was called; the median of the syncs."""

    what: str
    cpu_seconds: float
    calls: float


class Outcome(msgspec.Struct):
    """What was measured, as it is written with `make bench`.

    Attributes:
        machine: where, when and with what.
        syncs: CPU seconds of a whole sync, by destination, in a process that has imported everything.
        costs: what of that is dlt's, by destination.
        imports: what imports take in a process of their own.
    """

    machine: Machine
    syncs: dict[str, float]
    costs: dict[str, list[Cost]]
    imports: list[Cost]


def measured(repeats: int, *, items: int = growth.SEED_ITEMS) -> Outcome:
    """Syncs lakes of so many additions, and one time more than is counted."""
    machine = this_machine()
    world = generate(1, playlists=growth.SEED_PLAYLISTS, items=items)
    syncs, costs = {}, {}
    with TemporaryDirectory(prefix="playlake-upstream-") as place, Sandbox(world) as api:
        folder = Path(place)
        with growth.settings_of(api, folder) as settings, patch.dict(os.environ, settings):
            numbers = count()
            for kind in growth.DESTINATIONS:
                lake = growth.lake_of(kind, items, folder, items)
                sync(lake=lake)
                rounds = []
                for _ in range(repeats + 1):
                    growth.add(world, numbers)
                    with _timed() as found:
                        began = time.process_time()
                        sync(lake=lake)
                        rounds.append((time.process_time() - began, found))
                syncs[kind] = median(seconds for seconds, _ in rounds[1:])
                costs[kind] = [_cost(name, [found for _, found in rounds[1:]]) for name in ASKED]
            return Outcome(machine, syncs, costs, list(_imports(settings, folder)))


def _imports(settings: dict[str, str], folder: Path) -> Iterator[Cost]:
    def seconds(code: str) -> float:
        return min(took([sys.executable, "-c", code], settings, ROOT, folder / "log.txt").cpu_seconds for _ in range(3))

    bare = seconds("")
    for what, module in IMPORTS.items():
        yield Cost(what, seconds(f"import {module}") - bare, 1)


def _cost(name: str, rounds: list[dict[str, list[float]]]) -> Cost:
    def seconds(found: dict[str, list[float]]) -> float:
        # A run also waits for our rows.
        return sum(found[name]) - (sum(found[ROWS]) if name == RUN else 0)

    return Cost(ASKED[name], median(map(seconds, rounds)), median(len(found[name]) for found in rounds))


@contextmanager
def _timed() -> Iterator[dict[str, list[float]]]:
    """CPU seconds of each call of what is timed, but for calls within one of the same."""
    found: dict[str, list[float]] = defaultdict(list)
    with ExitStack() as stack:
        for owner, name, label in TIMED:
            stack.enter_context(patch.object(owner, name, _timing(getattr(owner, name), found[label])))
        stack.enter_context(patch.object(LoadRows, "__iter__", _timing_rows(LoadRows.__iter__, found[ROWS])))
        yield found


def _timing(function: Callable[..., Any], times: list[float]) -> Callable[..., Any]:
    depth = 0

    def timed(*args: Any, **kwargs: Any) -> Any:
        nonlocal depth
        began, depth = time.thread_time(), depth + 1
        try:
            return function(*args, **kwargs)
        finally:
            depth -= 1
            if not depth:
                times.append(time.thread_time() - began)

    return timed


def _timing_rows(
    function: Callable[[LoadRows], Iterator[TableRows]], times: list[float]
) -> Callable[[LoadRows], Iterator[TableRows]]:
    def timed(self: LoadRows) -> Iterator[TableRows]:
        rows = function(self)
        while True:
            began = time.thread_time()
            row = next(rows, None)
            times.append(time.thread_time() - began)
            if row is None:
                return
            yield row

    return timed


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(measured(3)), indent=2) + b"\n")
