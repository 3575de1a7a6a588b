"""All faults."""

from tests.faults import clock, data, disk, library, process, recovery, web
from tests.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (
    *(*web.FAULTS, *data.FAULTS, *library.FAULTS),
    *(*process.FAULTS, *disk.FAULTS, *recovery.FAULTS, *clock.FAULTS),
)


def fault_named(name: str) -> Fault:
    """The fault with a name."""
    (fault,) = (fault for fault in FAULTS if fault.name == name)
    return fault
