"""Locks beside the data: who is told that it is busy, and who that the place takes no files."""

from pathlib import Path

import pytest

from pipelines.destinations.file_lock import file_lock
from sources.errors import DestinationError, TryLaterError

NO_FILES = Path("/proc/self/fdinfo")
"""A folder of the system's in which a new file is answered with "no such file or directory", as by some shares."""

needs_proc = pytest.mark.skipif(not NO_FILES.is_dir(), reason="only Linux has such a folder")


def test_a_lock_that_is_held_asks_to_try_again(tmp_path: Path) -> None:
    """The second who wants a lock is told that it is busy; the file stays, and the next one gets it."""
    path = tmp_path / "lake.lock"
    with file_lock(path, "busy"), pytest.raises(TryLaterError, match="busy"), file_lock(path, "busy"):
        pass
    with file_lock(path, "busy"):
        assert path.exists()


@needs_proc
def test_a_place_that_takes_no_files_is_not_busy() -> None:
    """Where no lock can be created, nobody is told to try again later."""
    with pytest.raises(DestinationError, match="does not allow new files"), file_lock(NO_FILES / "lake.lock", "busy"):
        pass
