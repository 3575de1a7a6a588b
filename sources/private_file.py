"""A small file that only its owner may read, replaced atomically, by one process at a time (a lock file)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

LONGEST_TURN = 120.0
"""Seconds to wait for another process that has the same file."""

RESERVED = 4096
"""Bytes set aside before something that works once is used: its successor must fit, also on a full disk."""


def for_owner(path: str, flags: int) -> int:
    """An opener for `open`: a file that is made is for its owner only, one that is there stays as it is."""
    return os.open(path, flags, 0o600)


@dataclass(frozen=True, slots=True)
class PrivateFile:
    """A file of mode 0600 in a folder of mode 0700.

    Attributes:
        path: where; its folder is made when it is needed.
    """

    path: Path

    @contextmanager
    def turn(self) -> Iterator[None]:
        """No other process has its turn at the same time, and what is written then has its place on the disk.

        Raises:
            OSError: the folder cannot be written, the disk is full, or the other process takes minutes.
        """
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(f"{self.path}.lock", timeout=LONGEST_TURN):
            self._take_over()
            self._overwrite(bytes(RESERVED))
            try:
                yield
            finally:
                with suppress(OSError):
                    self._partial.unlink(missing_ok=True)

    def read(self) -> bytes | None:
        """What it holds, or nothing if it is not there."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None

    def write(self, content: bytes) -> None:
        """Replaces it, within a turn. Not even a power cut leaves half of it."""
        self._overwrite(content)
        self._put_in_place()

    def _take_over(self) -> None:
        """Puts in place what a process had written when it was killed: the token before that may have been used up."""
        try:
            left = self._partial.read_bytes().rstrip(b"\0")
            is_newer = not self.path.exists() or self._partial.stat().st_mtime_ns >= self.path.stat().st_mtime_ns
        except FileNotFoundError:
            return
        if left and is_newer:
            self._overwrite(left)
            self._put_in_place()

    def _put_in_place(self) -> None:
        self._partial.replace(self.path)
        if os.name == "posix":
            folder = os.open(self.path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def remove(self) -> bool:
        """Deletes it, with what a killed process has left beside it, and says whether it was there."""
        there = self.path.exists()
        self._partial.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)
        return there

    @property
    def _partial(self) -> Path:
        return self.path.with_name(f"{self.path.name}.partial")

    def _overwrite(self, content: bytes) -> None:
        """Writes into the space that is there already, and gives back what is too much only then."""
        with os.fdopen(os.open(self._partial, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as stream:
            stream.write(content)
            stream.flush()
            stream.truncate(len(content))
            os.fsync(stream.fileno())
