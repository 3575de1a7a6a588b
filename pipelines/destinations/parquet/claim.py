"""One compaction of a lake at a time, wherever it runs and by whatever path the lake is named.

On a disk a lock on a file inside the folder does it: it ends with its process. In a bucket a numbered object does,
which can be made only once; the newest number holds the claim until it is released or has not been renewed for an
hour. Neither is trusted alone: what a compaction merges comes into force by a file that only one can make.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from socket import gethostname
from typing import Protocol

import msgspec
from filelock import FileLock, Timeout

from pipelines.destinations.parquet.durable import create
from sources.errors import DestinationError, TryLaterError
from sources.stored.dlt_adapter import FilesClient

CLAIM = "_playlake_compaction"
LIFETIME = timedelta(hours=1)
"""A claim in a bucket that was not renewed for so long belongs to nobody."""


class Claim(Protocol):
    """Somebody's right to compact."""

    def check(self) -> None:
        """Raises TryLaterError if it is not ours any more."""


@contextmanager
def claimed(client: FilesClient) -> Iterator[Claim]:
    """Nobody else compacts, as long as the block lasts.

    Raises:
        DestinationError: the folder cannot be written.
        TryLaterError: somebody else does.
    """
    taken = _locked(client) if client.is_local_filesystem else _numbered(client)
    with taken as claim:
        yield claim


class _Locked:
    """A lock that is held.

    Args:
        path: its file.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._identity = path, _identity(path)

    def check(self) -> None:
        """Raises TryLaterError if the file is not the one that was locked."""
        if _identity(self._path) != self._identity:
            msg = f"{self._path} was removed or replaced during the compaction: nothing was replaced, try again."
            raise TryLaterError(msg)


@contextmanager
def _locked(client: FilesClient) -> Iterator[Claim]:
    path = Path(client.dataset_path) / CLAIM
    with lock_beside(path, f"Another process compacts {path.parent}: try again when it is done."):
        yield _Locked(path)


@contextmanager
def lock_beside(path: Path, busy: str) -> Iterator[None]:
    """Holds a lock of all processes on a file among the data, which whoever may write there may take.

    Args:
        path: the lock's file, which is made and stays.
        busy: what to say if somebody else holds it.

    Raises:
        DestinationError: it cannot be made or opened.
        TryLaterError: somebody else holds it.
    """
    lock = FileLock(path, timeout=0)
    is_new = not path.exists()
    try:
        lock.acquire()
    except Timeout:
        raise TryLaterError(busy) from None
    except OSError as error:
        msg = f"{path} cannot be written ({error.strerror}): give whoever writes there the right to it."
        raise DestinationError(msg) from None
    try:
        if is_new:
            _share(path)
        yield
    finally:
        lock.release()


def _share(path: Path) -> None:
    """Gives a file the owner and the rights of its folder: what root made cron must be able to open."""
    with suppress(OSError, AttributeError):
        folder = path.parent.stat()
        os.chown(path, folder.st_uid, folder.st_gid)
        path.chmod(folder.st_mode & 0o666)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


class _Held(msgspec.Struct):
    """What a claim in a bucket says."""

    token: str
    host: str
    renewed_at: datetime
    released: bool = False


class _Numbered:
    """A claim in a bucket.

    Args:
        client: the bucket.
    """

    def __init__(self, client: FilesClient) -> None:
        self._client, self._fs, self._token = client, client.fs_client, token_hex(8)
        self._folder = f"{client.dataset_path}{CLAIM}/"
        self._number = self._take()

    def _take(self) -> int:
        there = self._there()
        newest = max(there, default=0)
        if newest:
            held = self._read(newest)
            until = held.renewed_at + LIFETIME
            if not held.released and until > _now():
                msg = f"{held.host} compacts {self._folder.removesuffix(f'{CLAIM}/')}: try again when it is done."
                raise TryLaterError(msg, until)
        self._number = newest + 1
        if not create(self._client, self._path(self._number), self._said()):
            raise self._lost()
        self.check()
        for number in there:
            with suppress(FileNotFoundError):
                self._fs.rm_file(self._path(number))
        return self._number

    def check(self) -> None:
        """Raises TryLaterError if somebody else has taken the claim over; else it is good for another hour."""
        there = self._there()
        if max(there, default=0) != self._number or self._read(self._number).token != self._token:
            raise self._lost()
        self._fs.pipe_file(self._path(self._number), self._said())

    def release(self) -> None:
        """Leaves the number behind, so that whoever had it before knows that it is over."""
        if max(self._there(), default=0) == self._number and self._read(self._number).token == self._token:
            self._fs.pipe_file(self._path(self._number), self._said(released=True))

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

    def _said(self, *, released: bool = False) -> bytes:
        return msgspec.json.encode(_Held(self._token, gethostname(), _now(), released))

    def _lost(self) -> TryLaterError:
        return TryLaterError(
            f"Another machine has begun to compact {self._folder.removesuffix(f'{CLAIM}/')}: try later."
        )


@contextmanager
def _numbered(client: FilesClient) -> Iterator[Claim]:
    claim = _Numbered(client)
    try:
        yield claim
    finally:
        claim.release()


def _now() -> datetime:
    return datetime.now(UTC)
