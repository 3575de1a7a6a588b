"""The demonstration's lake, which documents, pictures and notebooks are shown with."""

from pathlib import Path

import pytest
from filelock import FileLock

from pipelines.destinations.lake import Lake
from pipelines.operations.demo import DEFAULT_PATH
from pipelines.operations.demo_weeks import WEEKS, Demonstration
from sources.spotify_sandbox.world.timestamps import BEGINNING
from tests.pipelines.driving import ended, started

UNTIL = BEGINNING
"""When the last sync is of the demonstration that documents show: they run it with `--until` of that day."""


def demonstration(lake: Lake, weeks: int = WEEKS, regime: str = "development") -> Demonstration:
    """Fills a lake as `playlake demo` does."""
    shown = Demonstration(lake, UNTIL, weeks, regime)
    with shown.api:
        for _, report in shown.syncs():
            assert report.exit_code == 0
    shown.import_history()
    return shown


def shown_demonstration(factory: pytest.TempPathFactory) -> tuple[Lake, str]:
    """What `playlake demo` leaves and prints, run once for all tests that ask for it, whatever process they are in."""
    base = factory.getbasetemp()
    # Processes of one run have folders of their own beside each other.
    folder = (base.parent if base.name.startswith("popen-") else base) / "demonstration"
    folder.mkdir(exist_ok=True)
    printed = folder / "printed"
    with FileLock(folder / "lock"):
        if not printed.exists():
            (folder / DEFAULT_PATH).unlink(missing_ok=True)
            end = ended(started("demo", "--until", f"{UNTIL:%Y-%m-%d}", folder=folder), timeout=1_800)
            assert (end.code, end.err) == (0, "")
            printed.write_text(end.out, encoding="utf-8")
    return Lake("duckdb", str(folder / DEFAULT_PATH)), printed.read_text(encoding="utf-8")


def fill(path: Path) -> None:
    """The demonstration's lake in a file, for the programs that write documents again."""
    demonstration(Lake("duckdb", str(path)))
