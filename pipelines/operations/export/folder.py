"""Writes files atomically, and never overwrites a file that another program or person has created or changed."""

import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from pipelines.destinations.parquet.atomic_files import sync, sync_folder
from pipelines.operations.export.file_names import key
from pipelines.operations.export.words import named_briefly
from sources.errors import DestinationError
from sources.overwriting import holds_data
from sources.private_file import for_owner

NOTES = ".playlake-export.json"
"""A file beside the exported ones, with the SHA-256 of each as it was written."""

Notes = dict[str, list[str]]
"""Digests by file name; two digests if the file was about to be replaced."""


def write_files(folder: Path, files: Mapping[str, bytes], *, force: bool = False) -> list[str]:
    """Writes files into a folder; files that already have this content are not written.

    Args:
        folder: created if it does not exist.
        files: contents by file name.
        force: whether to overwrite files that were not written by an export, or were changed since.

    Returns:
        Names of the files that were written.

    Raises:
        DestinationError: a file was not written by an export, was changed since, or cannot be written. If a file may
            not be overwritten, none is written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        notes = _read(folder / NOTES)
        changed = {name: data for name, data in files.items() if _digest(folder / name) != digest(data)}
        _check(folder, changed, None if force else notes)
        # After a crash halfway, both the old and the new content count as written by an export.
        new = {name: digest(data) for name, data in files.items()}
        if changed:
            _put(folder, NOTES, _written(notes, {name: [*_known(notes, name), new[name]] for name in new}))
        for name, data in changed.items():
            _put(folder, name, data)
        final = _written(notes, {name: [mark] for name, mark in new.items()})
        if not (folder / NOTES).exists() or final != (folder / NOTES).read_bytes():
            _put(folder, NOTES, final)
        sync_folder(folder)
    except OSError as error:
        msg = f"{folder} cannot be written ({error.strerror}): choose another --output."
        raise DestinationError(msg) from None
    return list(changed)


def digest(data: bytes) -> str:
    """The SHA-256 of a content."""
    return sha256(data).hexdigest()


def _check(folder: Path, changed: Mapping[str, bytes], notes: Notes | None) -> None:
    """Refuses to overwrite folders, databases, and files that the notes do not have; null as notes allows other files.

    Raises:
        DestinationError: something is.
    """
    if folders := [name for name in changed if (folder / name).is_dir()]:
        msg = f"{named_briefly(folders)} in {folder} is a folder: move it, or choose another --output."
        raise DestinationError(msg)
    if databases := [name for name in changed if holds_data(folder / name)]:
        msg = f"{named_briefly(databases)} in {folder} holds data, and is not overwritten: choose another --output."
        raise DestinationError(msg)
    if notes is None:
        return
    theirs = [
        name for name in changed if os.path.lexists(folder / name) and _digest(folder / name) not in _known(notes, name)
    ]
    if theirs:
        msg = (
            f"{named_briefly(theirs)} in {folder} would be overwritten, but was changed, or not written by playlake "
            "export: move it, choose another --output, or add --force."
        )
        raise DestinationError(msg)


def _digest(file: Path) -> str | None:
    """The SHA-256 of a file; null if there is no file, or it is a symbolic link or a folder."""
    return digest(file.read_bytes()) if file.is_file() and not file.is_symlink() else None


def _put(folder: Path, name: str, data: bytes) -> None:
    """Writes a temporary file, syncs it to disk and renames it. New files are readable by their owner only."""
    file, partial = folder / name, folder / f".playlake-{token_hex(8)}.partial"
    try:
        with open(partial, "xb", opener=for_owner) as stream:
            stream.write(data)
        sync(str(partial))
        if file.is_file() and not file.is_symlink():
            shutil.copymode(file, partial)
        partial.replace(file)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _read(file: Path) -> Notes:
    """The notes; empty if the file does not exist or is invalid, so that no file counts as written by an export."""
    try:
        found = json.loads(file.read_bytes())
        return {str(name): [str(mark) for mark in marks] for name, marks in found["files"].items()}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _known(notes: Notes, name: str) -> list[str]:
    """The digests of a file, by a name that some file system treats as the same."""
    return [mark for other, marks in notes.items() if key(other) == key(name) for mark in marks]


def _written(notes: Notes, news: Notes) -> bytes:
    names = {key(name) for name in news}
    kept = {name: marks for name, marks in notes.items() if key(name) not in names}
    return json.dumps({"files": dict(sorted((kept | news).items()))}, ensure_ascii=False, indent=1).encode() + b"\n"
