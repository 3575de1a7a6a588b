"""Two commands at once on one lake, each in a process of its own, and what is there afterwards."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, Self
from unittest.mock import patch

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from schemas import TABLES
from sources.spotify_sandbox import Sandbox, World, evolve, generate
from tests.faults.comparing import COMPLETE, Found, contents
from tests.pipelines.driving import CHECKOUT, settings
from tests.pipelines.postgres_server import postgres

PAIRS = (
    ("sync", "sync"),
    ("sync", "compact"),
    ("compacting sync", "compact"),
    ("compacting sync", "compacting sync"),
    ("compact", "compact"),
    ("query", "compact"),
    ("query", "sync"),
    ("sync --covers", "sync --covers"),
    ("sync --covers", "compact"),
)
DESTINATIONS = ("duckdb", "parquet", "postgres")
PLACES = ("one folder", "two folders", "two hosts", "a link")
"""The same working folder; two; two with different names of the host; two, and the lake's path is a link for one."""
TWICE = {"playlist_additions", "covers"}
"""Facts that two syncs of a Parquet lake may both bring; the views count them once."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Which commands, where, and how far apart."""

    pair: tuple[str, str]
    destination: str
    place: str


def cells() -> list[Cell]:
    """All that have a meaning: only Parquet lakes are compacted, only files have links."""
    return [
        Cell(pair, destination, place)
        for pair in PAIRS
        for destination in DESTINATIONS
        for place in PLACES
        if destination == "parquet" or not any("compact" in command for command in pair)
        if destination != "postgres" or place != "a link"
    ]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the two ended, and what is wrong with the lake after the one that had to wait came back."""

    codes: tuple[int, int]
    wrong: str


class Stage:
    """A world, the lakes of its past, and what a sync alone would make of them.

    Args:
        folder: where all is.
        destinations: which are to be played on.
    """

    def __init__(self, folder: Path, destinations: tuple[str, ...]) -> None:
        self._folder, self._destinations, self._runs = folder, destinations, 0
        self._world: World = generate(seed=5, playlists=5, items=60)
        self._stack = ExitStack()
        self._expected: dict[tuple[str, bool], Found] = {}

    def __enter__(self) -> Self:
        self._stack.enter_context(patch.dict(os.environ, {"DLT_DATA_DIR": str(self._folder / "own")}))
        self._api = self._stack.enter_context(Sandbox(self._world))
        if "postgres" in self._destinations:
            server = self._stack.enter_context(postgres())
            self._stack.enter_context(patch.dict(os.environ, {"DESTINATION__POSTGRES__CREDENTIALS": server}))
        for number in range(2):
            for destination in self._destinations:
                if destination != "postgres":
                    self._sync(self._base(destination))
            evolve(self._world, Random(number), 8)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def play(self, cell: Cell) -> Outcome:
        """Runs the two at once, the one that was told to wait once more, and compares."""
        self._runs += 1
        lake = self._copy(cell.destination, f"run{self._runs}")
        if cell.destination == "postgres" and "query" in cell.pair:
            # There is no base to copy, and a query wants tables.
            self._sync(lake)
        codes, errors = self._at_once(cell, lake)
        wrong = [f"exit code {code}: {error}" for code, error in zip(codes, errors, strict=True) if code not in {0, 75}]
        with_covers = any("--covers" in command for command in cell.pair)
        if "sync" in f"{cell.pair}":
            # What left the library is known after two lists, and the one that had to wait showed none.
            for _ in range(2):
                self._sync(lake, covers=with_covers)
            wrong += [self._difference(cell, lake, with_covers)]
        elif contents(lake) != contents(self._base(cell.destination)):
            wrong.append("other contents")
        if cell.destination != "postgres":
            shutil.rmtree(self._folder / f"run{self._runs}")
        return Outcome(codes, "; ".join(filter(None, wrong)))

    def _base(self, destination: str) -> Lake:
        return Lake(destination, str(self._folder / "base" / destination))

    def _copy(self, destination: str, name: str) -> Lake:
        if destination == "postgres":
            return Lake("postgres", dataset=name)
        (self._folder / name).mkdir()
        place, base = self._folder / name / "lake", Path(self._base(destination).location)
        (shutil.copytree if base.is_dir() else shutil.copy)(base, place)
        return Lake(destination, str(place))

    def _sync(self, lake: Lake, *, covers: bool = False) -> None:
        done = sync(lake=lake, covers=covers, **settings(self._api))
        assert done.exit_code == 0, done.run.message

    def _at_once(self, cell: Cell, lake: Lake) -> tuple[tuple[int, int], tuple[str, str]]:
        """The exit codes, and the last line that each wrote to standard error."""
        with _started(self._argument(cell, lake, 0)) as one, _started(self._argument(cell, lake, 1)) as other:
            said = _last_line(one), _last_line(other)
            return (one.wait(timeout=300), other.wait(timeout=300)), said

    def _argument(self, cell: Cell, lake: Lake, number: int) -> dict[str, Any]:
        path = lake.path
        if cell.place == "a link" and number and path is not None:
            path = str(Path(path).with_name("link"))
            Path(path).symlink_to(str(lake.path))
        own = number if cell.place != "one folder" else 0
        return {
            "command": cell.pair[number],
            "lake": [lake.destination, path, lake.dataset],
            "host": f"host{number}" if cell.place == "two hosts" else "host",
            "work": str(self._folder / f"work{own}"),
            "settings": settings(self._api),
        }

    def _difference(self, cell: Cell, lake: Lake, with_covers: bool) -> str:
        """What a sync alone has and this has not, or the other way round; and keys that stand twice."""
        key = (cell.destination, with_covers)
        if key not in self._expected:
            alone = self._copy(cell.destination, f"alone{with_covers}{cell.destination}".lower())
            for _ in range(2):
                self._sync(alone, covers=with_covers)
            self._expected[key] = contents(alone)
        found = contents(lake)
        wrong = [name for name, rows in self._expected[key].items() if set(rows) != set(found[name])]
        return "; ".join([*(f"{name} differs" for name in wrong), *twice(lake)])


def twice(lake: Lake) -> Iterator[str]:
    """Which keys stand in a table more than once, and must not."""
    with lake.open() as connection:
        for table in TABLES:
            if table.name in TWICE and lake.destination == "parquet":
                continue
            where = COMPLETE if table.kind == "fact" else "true"
            keys = f"SELECT {', '.join(table.key)} FROM {table.name} WHERE {where}"
            sql = f"SELECT (SELECT count(*) FROM ({keys})) - (SELECT count(*) FROM (SELECT DISTINCT * FROM ({keys})))"
            [[many]] = connection.execute(sql).fetchall()
            if many:
                yield f"{many} keys of {table.name} stand twice"


def _last_line(process: "subprocess.Popen[bytes]") -> str:
    """The end of what a process says is wrong, when it has ended."""
    return process.communicate(timeout=300)[1].decode(errors="replace").strip().rpartition("\n")[2]


@contextmanager
def _started(argument: dict[str, Any]) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that runs one command and is ended with the block."""
    environment = os.environ | {"DLT_DATA_DIR": argument["work"], "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-m", "tests.concurrency.child", json.dumps(argument)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
