"""Faults of the process: it is ended, or something in it fails."""

import os
import shutil
import signal
from collections.abc import Callable

import pyarrow as pa
import pyarrow.parquet as pq

from tests.faults.fault import DISK_PHASES, PHASES, Fault
from tests.faults.injection import Injection
from tests.faults.scene import Scene


def signalled(number: signal.Signals) -> Callable[[Injection], None]:
    """The process gets a signal."""
    return lambda injection: injection.at(lambda: os.kill(os.getpid(), number))


def failing(error: type[Exception]) -> Callable[[Injection], None]:
    """Something raises what nobody expects there."""

    def fail() -> None:
        msg = "out of the blue"
        raise error(msg)

    return lambda injection: injection.at(fail)


def lose_the_working_folder(scene: Scene) -> None:
    """The next sync runs on another machine."""
    shutil.rmtree(scene.work)


def break_pending_packages(scene: Scene) -> None:
    """Every file of a pending load package is truncated."""
    for folder in ("normalize", "load"):
        for path in (scene.pipeline / folder).rglob("*"):
            if path.is_file():
                path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def break_the_state(scene: Scene) -> None:
    """The state and the schema that dlt keeps between runs are truncated."""
    for path in (scene.pipeline / "state.json", *scene.pipeline.glob("schemas/*")):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def spoil_pending_rows(scene: Scene) -> None:
    """A file of a pending load package is intact, but the destination refuses its rows."""
    path = min((scene.pipeline / "normalize").rglob("playlist_additions.*.parquet"))
    rows = pq.read_table(path)
    place = rows.schema.get_field_index("first_observed_at")
    pq.write_table(rows.set_column(place, "first_observed_at", pa.array(["never"] * len(rows))), path)


FAULTS = (
    Fault("process", "SIGKILL", PHASES, ends=-signal.SIGKILL, inside=signalled(signal.SIGKILL), noted=False),
    Fault(
        "process",
        "SIGKILL, and the working folder is lost",
        PHASES,
        ends=-signal.SIGKILL,
        inside=signalled(signal.SIGKILL),
        after=lose_the_working_folder,
        noted=False,
    ),
    Fault(
        "process",
        "SIGKILL, and the pending package is torn",
        DISK_PHASES,
        ends=-signal.SIGKILL,
        inside=signalled(signal.SIGKILL),
        after=break_pending_packages,
        noted=False,
    ),
    Fault(
        "process",
        "SIGKILL, and the pending package is refused",
        ("normalise",),
        ends=-signal.SIGKILL,
        inside=signalled(signal.SIGKILL),
        after=spoil_pending_rows,
        destinations=("duckdb",),
        noted=False,
    ),
    Fault(
        "process",
        "SIGKILL, and dlt's state is torn",
        PHASES,
        ends=-signal.SIGKILL,
        inside=signalled(signal.SIGKILL),
        after=break_the_state,
        noted=False,
    ),
    # After the last answer there is nothing to interrupt.
    Fault(
        "process",
        "SIGTERM",
        PHASES,
        ends={"listing": 143, "reading": 143},
        inside=signalled(signal.SIGTERM),
    ),
    Fault("process", "MemoryError", PHASES, ends=1, says="out of the blue", inside=failing(MemoryError)),
    Fault("process", "an unexpected error", PHASES, ends=1, says="out of the blue", inside=failing(RuntimeError)),
)
