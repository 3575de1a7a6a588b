"""Files are written whole, and nobody else's are overwritten."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from pipelines.operations.export import folder as module
from pipelines.operations.export.folder import NOTES, write_files
from sources.errors import DestinationError

ONE, TWO = {"a.csv": b"1", "b.csv": b"2"}, {"a.csv": b"one", "b.csv": b"2", "c.csv": b"3"}


def held(folder: Path) -> dict[str, bytes]:
    """What is in a folder, but for the notes."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name != NOTES}


def test_what_is_the_same_is_left_alone(tmp_path: Path) -> None:
    """A second export writes what differs, and one of the same nothing at all."""
    place = tmp_path / "new" / "folder"
    assert write_files(place, ONE) == ["a.csv", "b.csv"]
    assert write_files(place, TWO) == ["a.csv", "c.csv"]
    before = {file.name: file.stat().st_mtime_ns for file in place.iterdir()}
    assert write_files(place, TWO) == []
    assert {file.name: file.stat().st_mtime_ns for file in place.iterdir()} == before
    assert held(place) == TWO


def changed_by_hand(folder: Path) -> None:
    (folder / "a.csv").write_bytes(b"my notes")


def of_somebody_else(folder: Path) -> None:
    (folder / NOTES).unlink()


def a_link(folder: Path) -> None:
    (folder / "a.csv").rename(folder / "elsewhere")
    (folder / "a.csv").symlink_to(folder / "elsewhere")


def notes_that_are_none(folder: Path) -> None:
    (folder / NOTES).write_text('{"files": ["a.csv"]}')


@pytest.mark.parametrize("change", [changed_by_hand, of_somebody_else, a_link, notes_that_are_none])
def test_files_of_others_are_kept(tmp_path: Path, change: Any) -> None:
    """A file that was changed, or that no export has written, is named and kept with all others, unless by --force."""
    write_files(tmp_path, ONE)
    change(tmp_path)
    before = held(tmp_path)
    with pytest.raises(DestinationError, match=r"^a\.csv in .* would be overwritten.*--force"):
        write_files(tmp_path, TWO)
    assert held(tmp_path) == before
    assert write_files(tmp_path, TWO, force=True) == ["a.csv", "c.csv"]
    assert held(tmp_path) | TWO == held(tmp_path)
    if change is a_link:
        assert (tmp_path / "elsewhere").read_bytes() == b"1"


def test_a_folder_in_the_place_of_a_file(tmp_path: Path) -> None:
    """It is reported in a line, also with --force, and no partial file stays."""
    (tmp_path / "a.csv").mkdir()
    for force in (False, True):
        with pytest.raises(DestinationError, match=r"a\.csv in .* is a folder"):
            write_files(tmp_path, ONE, force=force)
    assert {file.name for file in tmp_path.iterdir()} <= {"a.csv", NOTES}


@pytest.mark.parametrize("number", range(5))
def test_killed_on_the_way(tmp_path: Path, number: int) -> None:
    """Wherever an export is killed, each file is the old or the new one, and the next export goes on."""
    write_files(tmp_path, ONE)
    put = module._put
    calls = iter(range(9))

    def dies(*arguments: Any) -> None:
        if next(calls) == number:
            raise KeyboardInterrupt
        put(*arguments)

    with patch.object(module, "_put", dies), pytest.raises(KeyboardInterrupt):
        write_files(tmp_path, TWO)
        # The last one writes the notes alone, and needs none.
        raise KeyboardInterrupt
    for name, data in held(tmp_path).items():
        assert data in (ONE.get(name), TWO.get(name))
    write_files(tmp_path, TWO)
    assert held(tmp_path) == TWO
    # And back, from notes that are whole again.
    write_files(tmp_path, ONE)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    """What cannot be put on the disk is reported in a line; what was there is whole, with nothing beside it."""
    write_files(tmp_path, ONE)
    with (
        patch.object(module, "sync", side_effect=OSError(28, "No space left on device")),
        pytest.raises(DestinationError, match="No space left on device"),
    ):
        write_files(tmp_path, TWO)
    assert held(tmp_path) == ONE


def test_new_files_are_their_owners(tmp_path: Path) -> None:
    """A list of what somebody hears is theirs alone; a file that others may read already stays so."""
    write_files(tmp_path, {"a.csv": b"1"})
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o600
    (tmp_path / "a.csv").chmod(0o644)
    write_files(tmp_path, {"a.csv": b"2"})
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o644
