"""Isolation: no test sees the user's environment or home, or writes there."""

import locale
import logging
import os
import re
import time
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import suppress
from math import ceil
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import settings

from tests.shared_folder import SHARED

# A slow machine is no failure.
settings.register_profile("playlake", deadline=None)
settings.load_profile("playlake")

KEPT = {"PATH", "TMPDIR", "TEMP", "TMP", "CI", "SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT", "SCHEMATHESIS_EXAMPLES"}
"""Variables that tests see as they are: where programs are, and where temporary files go."""

KEPT_KINDS = ("PYTHONPATH", "PYTHONDONTWRITE", "PYTHONPYCACHE", "PYTEST_", "COV", "LD_", "DYLD_", "PYENV_", "PLAYLAKE_")
"""What other names begin with that are kept: how Python and pytest run, and what these tests are told to do."""

STEERING = {"PLAYLAKE_DATABASE", "PLAYLAKE_FAILURE_WEBHOOK", "PLAYLAKE_WEBHOOK"}
"""Variables of the project that control the tests."""

DESTINATIONS = ("duckdb", "parquet", "postgres")
"""Those that are a parameter of tests."""

CHECKOUT = Path(__file__).parent.parent


def leave_the_environment() -> None:
    """Makes this process, and all that it starts, run as anywhere: in UTC, in UTF-8, with files that others may read.

    This comes before tests are imported, since dlt reads variables when it is imported. Settings of dlt's have any
    name, so what is unknown is left out: colours, proxies, profiles of clouds, git's folder, certificates, pagers.
    """
    for name in list(os.environ):
        if name in STEERING or not (name in KEPT or name.startswith(KEPT_KINDS)):
            del os.environ[name]
    os.environ |= {"LANG": "C.UTF-8", "TZ": "UTC", "RUNTIME__DLTHUB_TELEMETRY": "false"}
    with suppress(locale.Error):
        locale.setlocale(locale.LC_ALL, "C.UTF-8")
    if hasattr(time, "tzset"):
        time.tzset()
    os.umask(0o022)


leave_the_environment()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out tests marked `long`, and most cases of a test with many slow ones, marked `sampled(n)`.

    Where all tests of a file are marked `sampled`, they are its cases; a quick one among them, marked `sampled(1)`, is
    played always. PLAYLAKE_LONG plays the long ones too, and more cases: each n-th, a number so many times as many, but
    at least one of each test, and of 2 on each destination; `all` all of them. With 1, a long test that is the same on
    several destinations is played on one of them. What is named on the command line is played.
    """
    long = os.environ.get("PLAYLAKE_LONG")
    if long == "all" or config.option.keyword or any("::" in arg for arg in config.args):
        return
    if not long and not config.option.markexpr:
        _deselect(config, items, {item for item in items if item.get_closest_marker("long")})
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("sampled"):
            own = any(marker.name == "sampled" for marker in item.own_markers)
            cases.setdefault(item.nodeid.partition("[" if own else "::")[0], []).append(item)
        elif long == "1" and item.get_closest_marker("long") and destination_of(item.nodeid):
            cases.setdefault(without_destination(item.nodeid), []).append(item)
    left = set()
    for many in cases.values():
        marker = many[0].get_closest_marker("sampled")
        played = sample([item.nodeid for item in many], marker.args[0] if marker else len(many), int(long or 0))
        left |= {item for item in many if item.nodeid not in played}
    _deselect(config, items, left)


def sample(names: Collection[str], step: int, times: int) -> list[str]:
    """The cases that are played, the same ones in every run.

    First comes one case of each test, on whichever destination has the fewest so far; then one of each test on each
    other destination; then the others.

    Args:
        names: node ids, as `folder/test_file.py::test_name[parquet-3]`.
        step: of how many cases one is played in a long run.
        times: how many times as many a long run plays, and then one of each test at least, and if it is more than once
            as many, on each destination; 0 for a quick run, which plays half as many, but of these one of each test
            before a second of any.
    """
    waiting = sorted(names, key=lambda name: crc32(name.encode()))
    tests = len(set(map(function_of, names)))
    ordered: list[str] = []
    played: set[str] = set()
    on: Counter[str] = Counter()
    for claim in (function_of, claim_of):
        for wanted in dict.fromkeys(map(claim, waiting)):
            if wanted not in played:
                able = [name for name in waiting if claim(name) == wanted]
                best = min(able, key=lambda name: on[destination_of(name)])
                waiting.remove(best)
                ordered.append(best)
                on[destination_of(best)] += 1
                played |= {function_of(best), claim_of(best)}
    if times:
        count = max(ceil(len(names) * times / step), len(ordered) if times > 1 else tests)
    else:
        count = max(ceil(len(names) / step / 2), min(ceil(len(names) / step), tests))
    return [*ordered, *waiting][:count]


def function_of(name: str) -> str:
    """The test that a node id is a case of."""
    return name.partition("[")[0]


def claim_of(name: str) -> str:
    """The test and the destination that a node id is a case of."""
    return f"{function_of(name)} on {destination_of(name)}"


def destination_of(name: str) -> str:
    """The destination that a node id names among its parameters; empty if none."""
    words = re.split(r"[-\[\]]", name.partition("[")[2])
    return next((word for word in words if word in DESTINATIONS), "")


def without_destination(name: str) -> str:
    """A node id without the destination that it names, so that it is the same for the same case on another one."""
    function, _, parameters = name.partition("[")
    return "-".join([function, *(word for word in re.split(r"[-\[\]]", parameters) if word not in DESTINATIONS)])


def _deselect(config: pytest.Config, items: list[pytest.Item], left: set[pytest.Item]) -> None:
    config.hook.pytest_deselected(items=[item for item in items if item in left])
    items[:] = [item for item in items if item not in left]


@pytest.fixture(scope="session", autouse=True)
def isolation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A new home, a new folder for dlt and a new working folder, where dlt finds no `.dlt` either."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("USERPROFILE", str(home))
        for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
            patch.setenv(name, str(home / name.lower()))
        patch.setenv("DLT_DATA_DIR", str(home / "dlt"))
        patch.chdir(tmp_path_factory.mktemp("work"))
        yield


@pytest.fixture(autouse=True)
def same_log() -> None:
    """A command that ran in this process before, also for a fixture, leaves no level and no handler of its log."""
    log = logging.getLogger("playlake")
    log.handlers, log.propagate = [], True
    log.setLevel(logging.NOTSET)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded answers and reference files, which is no part of the project."""
    if not SHARED.is_dir():
        pytest.skip(f"there are no recordings in {SHARED}; PLAYLAKE_SHARED names another folder")
    return SHARED
