"""What the tests of packaging share."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one of them has downloaded the next need not."""
    return tmp_path_factory.mktemp("cache")
