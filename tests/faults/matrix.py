"""The table of all faults: `python -m tests.faults.matrix` plays every case and writes it to README.md beside this.

Names of faults as arguments: only these, and nothing is written.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.case import Cell, Theatre
from tests.faults.fault import DESTINATIONS, PHASES, Fault
from tests.faults.registry import FAULTS, fault_named

KEPT = Path(__file__).parent / "README.md"

Cells = Mapping[tuple[str, str, str], Cell]

PREFACE = """# What may go wrong with a sync

Each cell is a test: a lake after a good sync of five playlists; these are edited; a sync meets the fault; what was
stored before is still there, and each playlist is whole, as before or as now; further syncs meet no fault, and then
all tables and views are equal to those of a lake that never met one (`comparing.py` says what is left out).

A cell tells how often the fault was planned and met, with what exit code that sync ended (minus the number of the
signal if it was killed), and how many more syncs it took; a dash, that the fault has no meaning there. Faults are
declared in the modules beside this; `python -m tests.faults.matrix` plays them all and writes this table.
"""


def table(faults: tuple[Fault, ...], cells: Cells) -> str:
    """Rows are faults, columns phases and destinations."""
    columns = [(phase, destination) for phase in PHASES for destination in DESTINATIONS]
    titles = ["fault", "kind", *(f"{phase}, {destination}" for phase, destination in columns)]
    lines = [titles, ["---"] * len(titles)]
    for fault in faults:
        met = [cells.get((fault.name, phase, destination)) for phase, destination in columns]
        lines.append([fault.name, fault.kind, *(_shown(cell) for cell in met)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _shown(cell: Cell | None) -> str:
    return "–" if cell is None else f"{cell.planned}/{cell.met} → {cell.code}, {cell.syncs}"


def main(names: list[str]) -> int:
    """Plays and prints."""
    faults = tuple(map(fault_named, names)) or FAULTS
    cells: dict[tuple[str, str, str], Cell] = {}
    failed = 0
    with TemporaryDirectory() as folder:
        theatre = Theatre(Path(folder))
        for fault in faults:
            for phase in fault.phases:
                for destination in fault.destinations:
                    try:
                        cells[fault.name, phase, destination] = theatre.play(fault, phase, destination)
                    except AssertionError as error:
                        failed += 1
                        sys.stderr.write(f"{fault.name}, {phase}, {destination}: {str(error)[:1500]}\n")
    shown = table(faults, cells)
    sys.stdout.write(f"{shown}\n")
    if not names and not failed:
        KEPT.write_text(f"{PREFACE}\n{shown}\n", encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
