"""The compaction lock: one compaction of a lake at a time, on any machine and by whatever path the lake is named.

On a disk it is a lock file inside the folder, released when its process ends. In a bucket it is a numbered object,
which can be created only once; the newest number holds the lock until it is released or has not been renewed for an
hour. Neither is trusted alone: a compaction's result is activated by a file that only one process can create.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from socket import gethostname
from typing import Protocol

import msgspec

from pipelines.destinations.file_lock import file_lock
from pipelines.destinations.parquet.atomic_files import create
from sources.errors import TryLaterError
from sources.stored.dlt_adapter import FilesClient

LOCK_NAME = "_playlake_compaction"
LIFETIME = timedelta(hours=1)
"""A lock in a bucket that was not renewed for so long has expired."""


class CompactionLock(Protocol):
    """A compaction lock that is held."""

    def check(self) -> None:
        """Raises TryLaterError if the lock was lost."""


@contextmanager
def compaction_lock(client: FilesClient) -> Iterator[CompactionLock]:
    """Hold the compaction lock inside the block.

    Raises:
        DestinationError: the folder cannot be written.
        TryLaterError: another process holds the compaction lock.
    """
    taken = _locked(client) if client.is_local_filesystem else _numbered(client)
    with taken as lock:
        yield lock


class _Locked:
    """A lock file on a local disk.

    Args:
        path: the path of the lock file.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._identity = path, _identity(path)

    def check(self) -> None:
        """Raises TryLaterError if the lock file was removed or replaced."""
        if _identity(self._path) != self._identity:
            msg = f"{self._path} was removed or replaced during the compaction: nothing was replaced, try again."
            raise TryLaterError(msg)


@contextmanager
def _locked(client: FilesClient) -> Iterator[CompactionLock]:
    path = Path(client.dataset_path) / LOCK_NAME
    with file_lock(path, f"Another process is compacting {path.parent}: try again when it is done."):
        yield _Locked(path)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


class _Held(msgspec.Struct):
    """The content of a lock object in a bucket."""

    token: str
    host: str
    renewed_at: datetime
    released: bool = False


class _Numbered:
    """A lock in a bucket.

    Args:
        client: the bucket.
    """

    def __init__(self, client: FilesClient) -> None:
        self._client, self._fs, self._token = client, client.fs_client, token_hex(8)
        self._folder = f"{client.dataset_path}{LOCK_NAME}/"
        self._number = self._take()

    def _take(self) -> int:
        there = self._there()
        newest = max(there, default=0)
        if newest:
            held = self._read(newest)
            until = held.renewed_at + LIFETIME
            if not held.released and until > _now():
                msg = f"{held.host} compacts {self._folder.removesuffix(f'{LOCK_NAME}/')}: try again when it is done."
                raise TryLaterError(msg, until)
        self._number = newest + 1
        if not create(self._client, self._path(self._number), self._content()):
            raise self._lost()
        self.check()
        for number in there:
            with suppress(FileNotFoundError):
                self._fs.rm_file(self._path(number))
        return self._number

    def check(self) -> None:
        """Renews the lock for another hour; raises TryLaterError if another machine has taken it over."""
        there = self._there()
        if max(there, default=0) != self._number or self._read(self._number).token != self._token:
            raise self._lost()
        self._fs.pipe_file(self._path(self._number), self._content())

    def release(self) -> None:
        """Marks the lock as released; its number stays, so that an earlier holder notices that it lost the lock."""
        if max(self._there(), default=0) == self._number and self._read(self._number).token == self._token:
            self._fs.pipe_file(self._path(self._number), self._content(released=True))

    def _there(self) -> list[int]:
        self._fs.invalidate_cache()
        names = [str(path).rpartition("/")[2] for path in self._fs.find(self._folder)]
        return [int(name) for name in names if name.isdigit()]

    def _read(self, number: int) -> _Held:
        try:
            return msgspec.json.decode(self._fs.cat_file(self._path(number)), type=_Held)
        except FileNotFoundError:
            raise self._lost() from None

    def _path(self, number: int) -> str:
        return f"{self._folder}{number:012}"

    def _content(self, *, released: bool = False) -> bytes:
        return msgspec.json.encode(_Held(self._token, gethostname(), _now(), released))

    def _lost(self) -> TryLaterError:
        return TryLaterError(
            f"Another machine has begun to compact {self._folder.removesuffix(f'{LOCK_NAME}/')}: try later."
        )


@contextmanager
def _numbered(client: FilesClient) -> Iterator[CompactionLock]:
    lock = _Numbered(client)
    try:
        yield lock
    finally:
        lock.release()


def _now() -> datetime:
    return datetime.now(UTC)
