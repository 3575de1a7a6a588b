"""After any fault during a sync, the next sync leaves all tables as without the fault."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.case import FaultRunner
from tests.faults.fault import DESTINATIONS, PHASES, Fault
from tests.faults.matrix import kept_rows
from tests.faults.registry import FAULTS


@pytest.fixture(scope="module")
def fault_runner(tmp_path_factory: pytest.TempPathFactory) -> FaultRunner:
    """One runner for all cases."""
    return FaultRunner(tmp_path_factory.mktemp("faults"))


def cases() -> Iterator[Any]:
    """One cell of every third fault, to keep the suite short; all cells if `PLAYLAKE_FAULTS` says so."""
    for number, fault in enumerate(FAULTS):
        cells = [(fault, phase, destination) for phase in fault.phases for destination in fault.destinations]
        one = [cells[number % len(cells)]] if number % 3 == 0 else []
        wanted = cells if os.environ.get("PLAYLAKE_FAULTS") == "all" else one
        for cell in wanted:
            yield pytest.param(*cell, id=" - ".join([fault.name, *cell[1:]]))


@pytest.mark.sampled(5)
@pytest.mark.parametrize(("fault", "phase", "destination"), list(cases()))
def test_the_next_sync_repairs_all(fault: Fault, phase: str, destination: str, fault_runner: FaultRunner) -> None:
    """The fault happens and is reported, nothing stored is lost, and the next sync repairs everything."""
    fault_runner.play(fault, phase, destination)


def test_the_kept_table_is_of_these_faults() -> None:
    """The table in the README has a row for each fault: dashes where it has no meaning, and elsewhere what was met."""
    rows = kept_rows()
    assert [[fault.name, fault.kind] for fault in FAULTS] == [row[:2] for row in rows]
    for fault, row in zip(FAULTS, rows, strict=True):
        planned = [phase in fault.phases and where in fault.destinations for phase in PHASES for where in DESTINATIONS]
        assert planned == [cell != "–" for cell in row[2:]], fault.name
        assert "?" not in row[2:], f"python -m tests.faults.matrix {fault.name!r}"
