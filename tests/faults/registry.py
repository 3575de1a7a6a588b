"""All faults."""

from tests.faults import process, web
from tests.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (*web.FAULTS, *process.FAULTS)


def fault_named(name: str) -> Fault:
    """The fault with a name."""
    (fault,) = (fault for fault in FAULTS if fault.name == name)
    return fault
