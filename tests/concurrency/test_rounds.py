"""Two machines sync and compact one lake at once, a few rounds: nothing is lost, and nothing there twice."""

from pathlib import Path

import pytest

from tests.concurrency.rounds import WEED, main, play

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


def test_a_server_that_is_not_installed_is_named_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Without SeaweedFS's command, the program says which path it tried, and plays no place."""
    missing = tmp_path / "weed"
    monkeypatch.setattr("sys.argv", ["rounds", "--weed", str(missing)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert f"--weed: there is no {missing}" in capsys.readouterr().err
