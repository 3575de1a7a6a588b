"""Finds the files of a folder or bucket, and how large they are."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from sources.stored.folder import Folder


def file_sizes(client: Folder, root: str, folders: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Paths of files with their sizes in bytes, in no order.

    Args:
        client: opens the folder or bucket.
        root: the dataset's folder, without a slash at its end.
        folders: those whose files are wanted, below or equal to it. A bucket gives all below the root at once.
    """
    return _in_folders(folders) if client.is_local_filesystem else _in_bucket(client, root)


def _in_folders(folders: Iterable[str]) -> Iterator[tuple[str, int]]:
    """A sync asks several times, and fsspec makes many objects of each file."""
    for folder in folders:
        # What another process deletes meanwhile is not there.
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_file():
                    yield f"{folder}/{entry.name}", entry.stat().st_size


def _in_bucket(client: Folder, root: str) -> Iterator[tuple[str, int]]:
    client.fs_client.invalidate_cache()
    found: dict[str, Any] = client.fs_client.find(root, detail=True) if client.fs_client.exists(root) else {}
    for path, info in found.items():
        yield str(path), int(info["size"])
