"""The benchmark of imports can be run. Nothing here is timed: that needs a quiet machine."""

from pathlib import Path

import pytest

from tests.benchmarks.import_history import measure


@pytest.mark.long
def test_a_small_history_is_measured(tmp_path: Path) -> None:
    """Each way takes time and memory."""
    for one in measure(200, "duckdb", tmp_path).values():
        assert min(one) > 0
