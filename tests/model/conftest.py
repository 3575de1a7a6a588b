"""Fixtures of the model tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.model.stage import Stage
from tests.model.worlds import small_world


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A sandbox with an empty world, and two lakes."""
    with Stage(small_world(), tmp_path) as ready:
        yield ready
