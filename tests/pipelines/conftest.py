"""Every test here has a folder of its own to stand in."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that relative paths mean."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
