"""Atomic, durable file writes: a file is complete or absent, also after a power failure."""

import os
from contextlib import suppress
from http import HTTPStatus
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
            try:
                fs.pipe_file(path, data, mode="create")
            except OSError as error:
                if not _is_refused(error):
                    raise
                return False
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


def _is_refused(error: OSError) -> bool:
    """Whether an S3 server says that the object is there, or is being made by somebody else.

    s3fs takes for the former only what Amazon answers, with the name of the condition; SeaweedFS leaves that out.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    """
    response: Any = getattr(error.__cause__, "response", None) or {}
    return response.get("ResponseMetadata", {}).get("HTTPStatusCode") in {
        HTTPStatus.CONFLICT,
        HTTPStatus.PRECONDITION_FAILED,
    }


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
