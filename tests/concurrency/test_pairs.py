"""Two commands at once on one lake: both do their work, or one is told to try later, and nothing is lost or false."""

import os
from collections.abc import Iterator

import pytest

from tests.concurrency.pairs import Cell, Stage, cells
from tests.pipelines.postgres_server import program

ALL = os.environ.get("PLAYLAKE_PAIRS") == "all"
FEW = [
    Cell(("sync", "sync"), "parquet", "two folders"),
    Cell(("sync", "sync"), "duckdb", "two folders"),
    Cell(("compacting sync", "compact"), "parquet", "two hosts"),
    Cell(("compact", "compact"), "parquet", "a link"),
    Cell(("query", "compact"), "parquet", "two folders"),
]
WANTED = [cell for cell in (cells() if ALL else FEW) if cell.destination != "postgres" or program("initdb")]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One for all cells."""
    destinations = tuple(sorted({cell.destination for cell in WANTED}))
    with Stage(tmp_path_factory.mktemp("pairs"), destinations) as made:
        yield made


@pytest.mark.long
@pytest.mark.parametrize("cell", WANTED, ids=lambda cell: " - ".join([*cell.pair, cell.destination, cell.place]))
def test_two_at_once(cell: Cell, stage: Stage) -> None:
    """Exit codes are 0 or 75, and afterwards the lake is as if they had run alone."""
    assert stage.play(cell).wrong == ""
