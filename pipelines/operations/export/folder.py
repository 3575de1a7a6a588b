"""Files in a folder: each whole or not there, and none overwritten that somebody else has made or changed."""

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
from sources.private_file import for_owner

NOTES = ".playlake-export.json"
"""Beside the files, what each had in it when it was written: names with SHA-256."""

Notes = dict[str, list[str]]
"""Digests by names of files; two of one that was about to be replaced."""


def write_files(folder: Path, files: Mapping[str, bytes], *, force: bool = False) -> list[str]:
    """Writes files into a folder, none or all; those that hold just that are left alone.

    Args:
        folder: where; it is made.
        files: their contents by their names.
        force: whether files may be overwritten that were not written here, or were changed since.

    Returns:
        The names of those that were written.

    Raises:
        DestinationError: a file is somebody else's, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        notes = _read(folder / NOTES)
        changed = {name: data for name, data in files.items() if _digest(folder / name) != digest(data)}
        _check(folder, changed, None if force else notes)
        # Whoever is killed on the way finds both the old and the new content to be their own.
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
        msg = f"{folder} cannot be written ({error.strerror}): name another place with --output."
        raise DestinationError(msg) from None
    return list(changed)


def digest(data: bytes) -> str:
    """What tells a content from others."""
    return sha256(data).hexdigest()


def _check(folder: Path, changed: Mapping[str, bytes], notes: Notes | None) -> None:
    """Refuses to overwrite a folder, and, where there are notes to go by, what is somebody else's.

    Raises:
        DestinationError: something is.
    """
    if folders := [name for name in changed if (folder / name).is_dir()]:
        msg = f"{named_briefly(folders)} in {folder} is a folder: move it away, or name another place with --output."
        raise DestinationError(msg)
    if notes is None:
        return
    theirs = [
        name for name in changed if os.path.lexists(folder / name) and _digest(folder / name) not in _known(notes, name)
    ]
    if theirs:
        what = "it is" if len(theirs) == 1 else "they are"
        msg = (
            f"{named_briefly(theirs)} in {folder} would be overwritten, and {what} not as playlake export wrote it: "
            "move it away, name another place with --output, or add --force."
        )
        raise DestinationError(msg)


def _digest(file: Path) -> str | None:
    """Of the content of a file; null if there is none, or a link or a folder in its place."""
    return digest(file.read_bytes()) if file.is_file() and not file.is_symlink() else None


def _put(folder: Path, name: str, data: bytes) -> None:
    """Writes a file beside its place, and puts it there when it is on the disk. A new one is its owner's only."""
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
    """The notes; none where there are none, or nobody can read them: then no file is taken for ours."""
    try:
        found = json.loads(file.read_bytes())
        return {str(name): [str(mark) for mark in marks] for name, marks in found["files"].items()}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _known(notes: Notes, name: str) -> list[str]:
    """The digests of a file, whose name may be written otherwise where a file system takes that for the same."""
    return [mark for other, marks in notes.items() if key(other) == key(name) for mark in marks]


def _written(notes: Notes, news: Notes) -> bytes:
    names = {key(name) for name in news}
    kept = {name: marks for name, marks in notes.items() if key(name) not in names}
    return json.dumps({"files": dict(sorted((kept | news).items()))}, ensure_ascii=False, indent=1).encode() + b"\n"
