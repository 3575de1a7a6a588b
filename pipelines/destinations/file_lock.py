"""An exclusive lock file beside the data, between processes; whoever may write the data can take it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from sources.errors import DestinationError, TryLaterError


@contextmanager
def file_lock(path: Path, busy: str) -> Iterator[None]:
    """Hold an exclusive lock file beside the data; anyone with write permission there can take it.

    Args:
        path: the lock's file, which is made and stays.
        busy: the error message if another process holds the lock.

    Raises:
        DestinationError: the lock file cannot be created or opened.
        TryLaterError: another process holds it.
    """
    lock = FileLock(path, timeout=0)
    is_new = not path.exists()
    try:
        lock.acquire()
    except Timeout:
        if not path.exists():
            raise cannot_create(path) from None
        raise TryLaterError(busy) from None
    except OSError as error:
        remedy = "name another place with --path, or give permission to all who write there"
        msg = f"{path} cannot be written ({error.strerror}): {remedy}."
        raise DestinationError(msg) from None
    try:
        if is_new:
            _share(path)
        yield
    finally:
        lock.release()


def cannot_create(path: Path) -> DestinationError:
    """The error for a lock file that is not there although it was asked for.

    `filelock` tries again where a file system says that there is no such file, as network shares do for a moment: its
    time-out then does not mean that somebody holds the lock.
    """
    return DestinationError(
        f"{path} cannot be created: {path.parent} does not allow new files. Name another place with --path."
    )


def _share(path: Path) -> None:
    """Gives a file the owner and permissions of its folder: if root created it, a user's cron job can still open it."""
    with suppress(OSError, AttributeError):
        folder = path.parent.stat()
        os.chown(path, folder.st_uid, folder.st_gid)
        path.chmod(folder.st_mode & 0o666)
