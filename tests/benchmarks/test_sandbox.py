"""The benchmark of the sandbox."""

from pathlib import Path

import pytest

from tests.benchmarks.sandbox import LEAST_PAGES, measured


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="CPU time and memory are read from /proc")
def test_every_reading_reads_the_same() -> None:
    """In process or over the socket, prepared or not, the same pages have the same size."""
    result = measured(250)

    assert list(result.readings) == ["new", "again", "prepared", "socket"]
    assert {pace.requests for pace in result.readings.values()} == {LEAST_PAGES}
    assert len({pace.megabytes for pace in result.readings.values()}) == 1
    assert result.readings["new"].megabytes > 50
    assert result.peak_megabytes > 30
