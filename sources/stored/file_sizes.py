"""Finds the files of a folder or bucket, and how large they are."""

import os
from collections.abc import Iterable, Iterator
from typing import Any

from sources.errors import DestinationError
from sources.stored.folder import Folder


def file_sizes(client: Folder, root: str, folders: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Paths of files with their sizes in bytes, in no order.

    Args:
        client: opens the folder or bucket.
        root: the dataset's folder, without a slash at its end.
        folders: those whose files are wanted, below or equal to it. A bucket gives all below the root at once.

    Raises:
        DestinationError: a folder cannot be read.
    """
    return _in_folders(folders) if client.is_local_filesystem else _in_bucket(client, root)


def _in_folders(folders: Iterable[str]) -> Iterator[tuple[str, int]]:
    """A sync asks several times, and fsspec makes many objects of each file.

    Raises:
        DestinationError: a folder cannot be read: nothing says that it is empty.
    """
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                # Another process may delete or rename a file at any time; the others count all the same.
                yield from ((entry.path, size) for entry in entries if (size := _size_of(entry)) is not None)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            msg = f"The folder {folder} cannot be read ({error.strerror}): allow this user to read it."
            raise DestinationError(msg) from None


def _size_of(entry: "os.DirEntry[str]") -> int | None:
    """Bytes of a file; null of what is no file or not there any more."""
    try:
        return entry.stat().st_size if entry.is_file() else None
    except FileNotFoundError:
        return None


def _in_bucket(client: Folder, root: str) -> Iterator[tuple[str, int]]:
    client.fs_client.invalidate_cache()
    found: dict[str, Any] = client.fs_client.find(root, detail=True) if client.fs_client.exists(root) else {}
    for path, info in found.items():
        yield str(path), int(info["size"])
