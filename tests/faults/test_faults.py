"""Whatever goes wrong during a sync, the next one leaves all tables as if nothing had."""

import pytest

from tests.faults.case import Theatre
from tests.faults.fault import DESTINATIONS, PHASES, Fault
from tests.faults.matrix import KEPT
from tests.faults.registry import FAULTS


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Theatre:
    """One for all cases."""
    return Theatre(tmp_path_factory.mktemp("faults"))


@pytest.mark.parametrize(
    ("fault", "phase", "destination"),
    [
        pytest.param(fault, phase, destination, id=f"{fault.name} - {phase} - {destination}")
        for fault in FAULTS
        for phase in fault.phases
        for destination in fault.destinations
    ],
)
def test_the_next_sync_mends_all(fault: Fault, phase: str, destination: str, theatre: Theatre) -> None:
    """The fault is met and told of, nothing stored is lost, and after the next sync all is as without the fault."""
    theatre.play(fault, phase, destination)


def test_the_kept_table_is_of_these_faults() -> None:
    """The table in the README has a row for each fault, with dashes where it has no meaning."""
    kept = KEPT.read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in kept.splitlines() if line.startswith("| ")][2:]
    assert [[fault.name, fault.kind] for fault in FAULTS] == [row[:2] for row in rows]
    for fault, row in zip(FAULTS, rows, strict=True):
        planned = [phase in fault.phases and where in fault.destinations for phase in PHASES for where in DESTINATIONS]
        assert planned == [cell != "–" for cell in row[2:]], fault.name
