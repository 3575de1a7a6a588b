"""Files of a folder are found with their sizes, whatever other processes do meanwhile."""

import os
from pathlib import Path
from typing import cast

import pytest

from sources.errors import DestinationError
from sources.stored.file_sizes import file_sizes
from sources.stored.folder import Folder, LocalFolder


def client_of(folder: Path) -> Folder:
    """Opens a folder."""
    return cast("Folder", LocalFolder(str(folder), "spotify"))


def test_a_file_that_is_deleted_meanwhile_hides_no_other(tmp_path: Path) -> None:
    """A temporary file that a sync renames while a compaction looks must not shorten the list."""
    for number in range(8):
        (tmp_path / f"{number}").write_bytes(b"x" * number)
    with os.scandir(tmp_path) as entries:
        order = [entry.name for entry in entries]
    found = file_sizes(client_of(tmp_path), str(tmp_path), [str(tmp_path)])
    sizes = dict([next(found)])
    (tmp_path / order[2]).unlink()
    sizes |= dict(found)
    assert sizes == {str(tmp_path / name): int(name) for name in order if name != order[2]}


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    """Tables without rows have no folder; the files of the others are found."""
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "one").write_bytes(b"1")
    (tmp_path / "file").write_bytes(b"1")
    folders = [str(tmp_path / name) for name in ("missing", "file", "there")]
    assert dict(file_sizes(client_of(tmp_path), str(tmp_path), folders)) == {str(tmp_path / "there" / "one"): 1}


def test_a_folder_that_cannot_be_read_is_not_taken_for_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named, so that nothing in it counts as lost."""

    def refused(_: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(DestinationError, match="cannot be read"):
        list(file_sizes(client_of(tmp_path), str(tmp_path), [str(tmp_path)]))
