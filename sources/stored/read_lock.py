"""The lock by which who reads a lake's folder keeps a compaction from deleting what it has replaced."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sources.stored.folder import Folder

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@contextmanager
def reading(client: Folder) -> Iterator[None]:
    """Hold a shared lock that keeps a compaction from deleting files. In buckets it waits a day instead."""
    held = _opened(client)
    if held is None or fcntl is None:
        yield
        return
    try:
        fcntl.flock(held, fcntl.LOCK_SH)
    except OSError:  # not every file system can
        os.close(held)
        yield
        return
    try:
        yield
    finally:
        os.close(held)


@contextmanager
def unread(client: Folder) -> Iterator[bool | None]:
    """Whether no process reads while the block lasts, by a lock; null where there is no lock."""
    held = _opened(client)
    if held is None or fcntl is None:
        yield None
        return
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        answer: bool | None = True
    except BlockingIOError:
        answer = False
    except OSError:
        answer = None
    try:
        yield answer
    finally:
        os.close(held)


def _opened(client: Folder) -> int | None:
    """The folder itself, which readers that may not write can lock, too."""
    if fcntl is None or not client.is_local_filesystem:
        return None
    try:
        return os.open(client.dataset_path, os.O_RDONLY)
    except OSError:
        return None
