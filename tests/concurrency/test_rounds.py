"""Two machines sync and compact one lake at once, a few rounds: nothing is lost, and nothing there twice."""

from pathlib import Path

import pytest

from tests.concurrency.rounds import WEED, play

ROUNDS = 3


@pytest.mark.long
@pytest.mark.parametrize(
    "place",
    [
        "folder",
        pytest.param("s3", marks=pytest.mark.skipif(not WEED.exists(), reason="make cluster installs SeaweedFS")),
    ],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_two_machines_at_once(place: str, tmp_path: Path) -> None:
    """The lake holds what one process alone would have stored, and each machine ended with 0 or 75."""
    assert play(place, ROUNDS, tmp_path, WEED).wrong == []
