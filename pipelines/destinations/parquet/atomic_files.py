"""Atomic, durable file writes: a file is complete or absent, also after a power failure."""

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sources.stored.dlt_adapter import FilesClient


def write(client: "FilesClient", path: str, data: bytes) -> None:
    """Writes a file atomically, replacing an existing one. Buckets do that by themselves."""
    fs: Any = client.fs_client
    if not client.is_local_filesystem:
        fs.pipe_file(path, data)
        return
    partial = _written(Path(path), data)
    partial.replace(path)
    sync_folder(Path(path).parent)


def create(client: "FilesClient", path: str, data: bytes) -> bool:
    """Makes a file where there is none.

    S3, Google Cloud Storage and Azure do that by a condition of the request (`If-None-Match` and its kin).

    Returns:
        Whether it was made; false if somebody else was faster.
    """
    fs: Any = client.fs_client
    try:
        if not client.is_local_filesystem:
            fs.pipe_file(path, data, mode="create")
            fs.invalidate_cache()
            # Not every server that speaks S3 knows the condition: then the last one wins.
            return bool(fs.cat_file(path) == data)
        partial = _written(Path(path), data)
        try:
            os.link(partial, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            with Path(path).open("xb") as file:
                file.write(data)
            sync(path)
        finally:
            partial.unlink()
        sync_folder(Path(path).parent)
    except FileExistsError:
        return False
    return True


def sync(path: str) -> None:
    """Flushes a file to disk (fsync)."""
    held = os.open(path, os.O_RDWR)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def sync_folder(folder: Path) -> None:
    """Flushes a folder's entries to disk, where the system supports it."""
    with suppress(OSError):
        held = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(held)
        finally:
            os.close(held)


def _written(path: Path, data: bytes) -> Path:
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        sync_folder(path.parent.parent)
    partial = path.with_name(f"{path.name}.{token_hex(4)}.partial")
    partial.write_bytes(data)
    sync(str(partial))
    return partial
