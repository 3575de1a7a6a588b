"""Where, when and with what something was measured."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

PACKAGES = ("playlake", "dlt", "duckdb", "msgspec", "pyarrow", "requests", "spotipy", "pandas")


class Machine(msgspec.Struct):
    """Where figures come from.

    Attributes:
        measured_at: when, to the minute, in UTC.
        system: the operating system.
        processor: its name, where the system tells it.
        cpus: how many.
        memory_gigabytes: in 10^9 bytes; null where the system does not tell it.
        busy: how many programs wanted a processor in the last minute before; null where the system does not tell it.
        python: the version.
        versions: of the packages that matter.
    """

    measured_at: str
    system: str
    processor: str
    cpus: int
    memory_gigabytes: float | None
    busy: float | None
    python: str
    versions: dict[str, str]


def this_machine() -> Machine:
    """This one, now."""
    names = os.sysconf_names if hasattr(os, "sysconf_names") else {}
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9 if "SC_PHYS_PAGES" in names else None
    return Machine(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        platform.platform(terse=True),
        _processor(),
        os.cpu_count() or 0,
        memory,
        os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        platform.python_version(),
        _versions(),
    )


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.is_file() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
