"""The table of all faults: `python -m tests.faults.matrix` plays every case and writes it to README.md beside this.

Names of faults as arguments: only these are played, and the rows of the others stay as they are.
"""

import sys
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.case import Cell, FaultRunner
from tests.faults.fault import DESTINATIONS, PHASES, Fault
from tests.faults.registry import FAULTS, fault_named

KEPT = Path(__file__).parent / "README.md"

Place = tuple[str, str, str]
"""The name of a fault, a phase and a destination."""

Cells = Mapping[Place, str]
COLUMNS = [(phase, destination) for phase in PHASES for destination in DESTINATIONS]

PREFACE = """# What may go wrong with a sync

Each cell is a test: a lake after a good sync of five playlists; these are edited; a sync meets the fault; what was
stored before is still there, and each playlist is whole, as before or as now; further syncs meet no fault, and then
all tables and views are equal to those of a lake that never met one (`comparing.py` says what is left out).

A cell tells how often the fault was planned and met, with what exit code that sync ended (minus the number of the
signal if it was killed), and how many more syncs it took; a dash, that the fault has no meaning there. Faults are
declared in the modules beside this; `python -m tests.faults.matrix` plays them all and writes this table (with names of
faults only their rows), while the tests play one cell of every third, or all with `PLAYLAKE_FAULTS=all`.
"""


def table(faults: tuple[Fault, ...], cells: Cells) -> str:
    """Rows are faults, columns phases and destinations."""
    titles = ["fault", "kind", *(f"{phase}, {destination}" for phase, destination in COLUMNS)]
    lines = [titles, ["---"] * len(titles)]
    for fault in faults:
        met = [_shown(fault, cells, *column) for column in COLUMNS]
        lines.append([fault.name, fault.kind, *met])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _shown(fault: Fault, cells: Cells, phase: str, destination: str) -> str:
    if phase not in fault.phases or destination not in fault.destinations:
        return "–"
    return cells.get((fault.name, phase, destination), "?")


def _told(cell: Cell) -> str:
    return f"{cell.planned}/{cell.met} → {cell.code}, {cell.syncs}"


def kept_rows() -> list[list[str]]:
    """The rows of the table as it was written last: name, kind, and a cell for each column."""
    lines = KEPT.read_text(encoding="utf-8").splitlines()
    return [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")][2:]


def kept() -> dict[Place, str]:
    """The cells of a row."""
    return {
        (name, *column): cell
        for name, _, *cells in kept_rows()
        for column, cell in zip(COLUMNS, cells, strict=True)
        if cell != "–"
    }


def played(destination: str, names: list[str]) -> tuple[dict[Place, str], list[str]]:
    """The cells of a destination, and what failed in the others."""
    cells: dict[Place, str] = {}
    failed: list[str] = []
    faults = [fault_named(name) for name in names]
    with TemporaryDirectory() as folder:
        fault_runner = FaultRunner(Path(folder))
        for fault in (fault for fault in faults if destination in fault.destinations):
            for phase in fault.phases:
                try:
                    cells[fault.name, phase, destination] = _told(fault_runner.play(fault, phase, destination))
                except AssertionError as error:
                    failed.append(f"{fault.name}, {phase}, {destination}: {str(error)[:1500]}")
    return cells, failed


def main(names: list[str]) -> int:
    """Plays and prints."""
    wanted = names or [fault.name for fault in FAULTS]
    with ProcessPoolExecutor(len(DESTINATIONS), get_context("spawn")) as pool:
        results = list(pool.map(partial(played, names=wanted), DESTINATIONS))
    cells = {place: cell for found, _ in results for place, cell in found.items()}
    failed = [line for _, lines in results for line in lines]
    sys.stdout.write("\n".join([*failed, table(tuple(map(fault_named, wanted)), cells), ""]))
    if names or not failed:
        others = {place: cell for place, cell in kept().items() if place[0] not in wanted}
        KEPT.write_text(f"{PREFACE}\n{table(FAULTS, others | cells)}\n", encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
