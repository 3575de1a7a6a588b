"""Checks the destination, the last runs, load times and new fields."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta

from pipelines.destinations.lake import Lake
from pipelines.operations.doctor.finding import Finding
from pipelines.operations.status import check_health, last_run, unknown_fields
from sources.exit_codes import TRY_LATER
from sources.stored.load_tables import LOADS
from sources.stored.state import Stored

LITTLE = 500_000_000
"""Bytes of free disk below which it is reported."""

PATIENT = timedelta(days=2)
"""How long ago the last good sync may be."""


def place_findings(lake: Lake) -> Iterator[Finding]:
    """Whether the destination can be opened and written, and has room.

    Raises:
        PlaylakeError: it cannot be opened or written.
    """
    is_new = not lake.exists()
    if is_new:
        yield Finding("destination", "note", f"Nothing at {lake.location} yet: the first playlake sync creates it.")
    else:
        lake.check()
        if damage := lake.backend.find_own_damage():
            yield Finding("destination", "problem", str(damage), damage.exit_code)
            return
        where = lake.destination if lake.location == lake.destination else f"{lake.destination} at {lake.location}"
        yield Finding("destination", "well", f"{where} {lake.backend.status_text}.")
    folder = lake.backend.disk()
    if folder is None:
        return
    free = shutil.disk_usage(folder).free
    if free < LITTLE:
        yield Finding("disk", "problem", f"Only {free / 1e6:.0f} MB are free in {folder}: make room.", 2)
    with lake.settings():
        is_pending = lake.pipeline().has_pending_data
    if is_pending:
        message = "An earlier sync was interrupted before everything was loaded: the next one finishes that first."
        yield Finding("destination", "note", message)


def runs_findings(lake: Lake, now: datetime) -> Iterator[Finding]:
    """How the last syncs went, and whether Spotify asked to wait."""
    if not lake.exists():
        return
    health = check_health(lake, PATIENT, now)
    yield Finding("syncs", "well" if health.is_well else "note", health.message)
    last = last_run(lake)
    for row in last.rows:
        resume_at = row[last.columns.index("resume_at")]
        if resume_at is not None and resume_at > now:
            message = f"Spotify asked to wait until {resume_at:%Y-%m-%d %H:%M} UTC: until then a sync sends no request."
            yield Finding("syncs", "problem", message, TRY_LATER)


def loads_findings(lake: Lake, now: datetime) -> Iterator[Finding]:
    """Checks that no load is dated in the future by a clock that was ahead, which keeps syncs from writing.

    Raises:
        TryLaterError: a load is dated in the future.
    """
    if lake.exists():
        with lake.open(only=()) as connection:
            Stored(connection, (LOADS,)).check_not_before_last_load(now)
    yield from ()


def fields_findings(lake: Lake) -> Iterator[Finding]:
    """Fields that the API sends and that no table has."""
    if not lake.exists():
        return
    for row in unknown_fields(lake).rows:
        message = f"{row[0]}.{row[1]} is sent by the API and not stored: a newer playlake may know it."
        yield Finding("new fields", "note", message)
