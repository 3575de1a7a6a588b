"""The table of all pairs: `python -m tests.concurrency.table [RUNS]` plays them and writes README.md beside this."""

import sys
from collections import Counter
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.concurrency.pairs import DESTINATIONS, PLACES, Cell, Outcome, Stage, cells

KEPT = Path(__file__).parent / "README.md"
PREFACE = """# Two commands at once

Each cell tells how often two commands were started at the same moment on one lake, each in a process of its own, and
with what exit codes they ended, how often each pair. Then one more sync (where there was one) and a comparison: all
tables and views hold what a lake has that was synced by one process alone, and the keys of all tables are unique. Left
out: in Parquet two syncs may both bring an addition or a picture, which the views count once. A dash: it has no
meaning there.

`python -m tests.concurrency.table` plays 200 and writes this table; the tests play a few, or all with
`PLAYLAKE_PAIRS=all`.
"""


def main(runs: int) -> int:
    """Plays and prints."""
    outcomes: dict[Cell, list[Outcome]] = {cell: [] for cell in cells()}
    with TemporaryDirectory() as folder, Stage(Path(folder), DESTINATIONS) as stage:
        for cell in islice(cycle(outcomes), runs):
            outcomes[cell].append(stage.play(cell))
            sys.stderr.write(f"{cell} {outcomes[cell][-1]}\n")
    failed = [f"{cell}: {one.wrong}" for cell, ended in outcomes.items() for one in ended if one.wrong]
    shown = table(outcomes)
    sys.stdout.write("\n".join([*failed, shown, ""]))
    if not failed:
        KEPT.write_text(
            f"{PREFACE}\nThe last time: {runs} runs, none with a difference.\n\n{shown}\n", encoding="utf-8"
        )
    return 1 if failed else 0


def table(outcomes: dict[Cell, list[Outcome]]) -> str:
    """Rows are pairs and destinations, columns how far apart the two are."""
    rows = {(cell.pair, cell.destination): None for cell in outcomes}
    lines = [["commands", "destination", *PLACES], ["---"] * (2 + len(PLACES))]
    for pair, destination in rows:
        told = [_told(outcomes.get(Cell(pair, destination, place))) for place in PLACES]
        lines.append([" and ".join(pair), destination, *told])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _told(ended: list[Outcome] | None) -> str:
    if ended is None:
        return "–"
    counted = Counter(" and ".join(map(str, sorted(one.codes))) for one in ended)
    return ", ".join(f"{many} times {codes}" for codes, many in sorted(counted.items())) or "?"


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
