"""One sync writes to a lake at a time, and the other is told to try again."""

from pathlib import Path

import pytest

from pipelines.destinations.lake import Lake
from pipelines.destinations.sync_lock import sync_lock, working_folder_lock
from sources.errors import DestinationError, TryLaterError
from tests.pipelines.destinations.test_file_lock import NO_FILES, needs_proc


@pytest.mark.parametrize("other", ["working folder", "database"])
def test_the_second_is_told_that_another_is_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    """Whichever of both locks it meets: with dlt's folder in common or only the database, it ends with 75."""
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path / "one"))
    lake = Lake("duckdb", str(tmp_path / "lake.duckdb"))
    with sync_lock(lake):
        if other == "database":
            monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path / "two"))
        busy = f"Another sync is writing to {lake.location}: try again"
        with pytest.raises(TryLaterError, match=busy) as told, sync_lock(lake):
            pass
        assert told.value.exit_code == 75
    with sync_lock(lake):
        pass


@needs_proc
def test_a_working_folder_that_takes_no_files_is_not_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where dlt's folder takes no files, nobody is told to try again later."""
    monkeypatch.setattr("pipelines.destinations.sync_lock.get_dlt_pipelines_dir", lambda: str(NO_FILES))
    with pytest.raises(DestinationError, match="DLT_DATA_DIR"), working_folder_lock(Lake("duckdb")):
        pass
