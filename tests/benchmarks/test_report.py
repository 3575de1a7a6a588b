"""What the report says of figures: ratios of rounds, what is kept, what failed."""

import os
import sys
from pathlib import Path

import msgspec

from tests.benchmarks.load import Loading, Outcome, ratio
from tests.benchmarks.machine import this_machine
from tests.benchmarks.measure import Figures, Result
from tests.benchmarks.pages import Library
from tests.benchmarks.process import took
from tests.benchmarks.queries import Answer, Asked
from tests.benchmarks.queries import Outcome as Queries
from tests.benchmarks.report import write

ENTRIES: list[tuple[str, str | None]] = [
    ("track", "spotify:track:a"),
    ("null", None),
    ("null", None),
    ("duplicate", "spotify:track:b"),
    ("duplicate", "spotify:track:b"),
]


def _figures(cpu_seconds: float) -> Figures:
    return Figures(cpu_seconds, 1.0, 100.0, 3, 1.0)


def _result(name: str, *cpu_seconds: float, failure: str | None = None) -> Result:
    runs = {number: _figures(seconds) for number, seconds in enumerate(cpu_seconds)}
    return Result(name, "a way", 5, 5, {"track": 1, "null": 2, "duplicate": 2}, runs, failure)


def test_a_ratio_is_of_the_same_round() -> None:
    """A busy machine makes both figures of a round larger, and the ratio of medians would be another."""
    assert ratio(_result("one", 2, 40, 3), _result("floor", 1, 10, 3), "cpu_seconds") == (2, 1, 4)


def test_a_slow_way_is_compared_in_its_only_round() -> None:
    """What ran once is compared with the others of that round."""
    assert ratio(_result("slow", 30), _result("floor", 3, 1, 1), "cpu_seconds") == (10, 10, 10)


def test_entries_are_kept_as_often_as_they_are_found() -> None:
    """A copy that is lost counts, and so does a null; what was never there does not."""
    library = Library(5, {"dirty": 5}, 0, "dirty", ENTRIES)

    assert library.kept(iter(["spotify:track:b", None, "spotify:track:c"])) == {"track": 0, "null": 1, "duplicate": 1}
    assert library.kept(uri for _, uri in ENTRIES) == {"track": 1, "null": 2, "duplicate": 2}


def test_the_least_requests_are_those_for_each_page() -> None:
    """A list, each playlist with its first hundred entries, and pages of fifty for the rest."""
    assert Library(5, {"a": 0, "b": 100, "c": 101, "d": 250}, 0, "a", []).least_requests == 1 + 4 + 1 + 3


def test_the_page_says_what_failed_and_what_is_slow(tmp_path: Path) -> None:
    """A program that ended early has a sentence and no figures; a query of more than a second is in bold."""
    results = [_result("floor", 1, 2), _result("playlake", 3, 2), _result("broken", failure="KeyError: 'id'")]
    load = Outcome(this_machine(), {"absent": "spotipy"}, [Loading(5, 4_000, 2, {"track": 1}, results)])
    answers = [
        Answer("duckdb", "slow one", False, 7, [0.5, 1.5, 2.0], [1.0]),
        Answer("duckdb", "fast", True, 1, [0.2], [0.1]),
    ]
    figures = tmp_path / "benchmarks"
    figures.mkdir()
    (figures / "load.json").write_bytes(msgspec.json.encode(load))
    (figures / "queries.json").write_bytes(msgspec.json.encode(Queries(this_machine(), [Asked(9, answers)])))

    write(figures, tmp_path)

    page = (tmp_path / "benchmarks.md").read_text()
    assert "| `playlake` | 5 | 3 | 1 | 2.5 | 1.0 | 100 | 2.00 (1.00–3.00) | 1.00 |" in page
    assert "`broken` did not come to its end: `KeyError: 'id'`" in page
    assert "`absent` was not measured: spotipy was not installed." in page
    assert "| slow one | 7 | **1.50** | 1.00 |" in page
    assert "1 of 2 answers came within a second." in page
    assert "## Growth" not in page


def test_children_are_measured_too(tmp_path: Path) -> None:
    """The time of a process's child is counted, and so is its exit code told."""
    busy = "import time\nwhile time.process_time() < 0.2: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}]); print('done'); sys.exit(3)"
    log = tmp_path / "log.txt"

    end = took([sys.executable, "-c", parent], os.environ, log=log)

    assert end.code == 3
    assert end.cpu_seconds > 0.2
    assert end.peak_megabytes > 5
    assert log.read_text() == "done\n"
