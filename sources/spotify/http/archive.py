"""The files of recordings: one per run, to which each attempt of a request is appended.

`<time>-<run id>.jsonl.gz` holds JSON lines. The first is the `Header`, every other one an `Exchange`, and each is
compressed as a gzip member of its own (https://www.rfc-editor.org/rfc/rfc1952#section-2.2): whatever kills the run, all
lines but the last are whole, and `zcat` shows them. An answer is found by its place, so that a recording of any length
is read with the memory of its compressed bytes. What people listen to is personal: the files are for their owner only.
"""

import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TypeVar

import msgspec
from msgspec import Struct

from sources.errors import ConfigurationError, DestinationError, PlaylakeError
from sources.private_file import for_owner
from sources.spotify.http.archive_format import FORMAT, Exchange, Failure, Header, Moment, NoAnswer

T = TypeVar("T")

SUFFIX = ".jsonl.gz"
LEVEL = 6
"""Of compression."""

_GZIP = zlib.MAX_WBITS | 16
_CHUNK = 1 << 16
_EXCHANGE = msgspec.json.Decoder(Exchange)
"""Made before any thread reads: msgspec 0.22 must not learn a class in two threads at once."""


class RecordingFile:
    """The file of a run, for writing. Thread-safe. It is created with the first answer.

    Attributes:
        header: gives the run when the file is begun: only by then it is known what the token may do.

    Args:
        folder: where; made if it is not there.

    Raises:
        DestinationError: the file cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._path: Path | None = None
        self.header: Callable[[], Header] | None = None
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not os.access(folder, os.W_OK | os.X_OK):
                raise PermissionError(0, "no permission to write")
        except OSError as error:
            raise self._unwritable(error) from None

    def append(self, line: Exchange) -> None:
        """Adds an attempt.

        Raises:
            DestinationError: the attempt cannot be written, as when the disk is full. The file then ends with the line
                before.
        """
        member = _member(line)
        with self._lock:
            try:
                if self._path is None:
                    self._path = self._begin()
                _append(self._path, member)
            except OSError as error:
                raise self._unwritable(error) from None

    def _begin(self) -> Path:
        if self.header is None:
            msg = "answers came before the run's header"
            raise RuntimeError(msg)
        header = self.header()
        path = self._folder / f"{header.started_at:%Y-%m-%dT%H-%M-%S.%fZ}-{header.run_id}{SUFFIX}"
        _append(path, _member(header))
        return path

    def _unwritable(self, error: OSError) -> DestinationError:
        msg = (
            f"Responses cannot be recorded in {self._folder} ({error.strerror}): free some space, or name another "
            "folder with --keep-raw. What was read is stored."
        )
        return DestinationError(msg)


class Recording:
    """The recorded attempts of a run.

    Attributes:
        path: the file.
        header: the run.
        last_at: when the last answer was there.
        aborted: what aborted the run, if something did.
        messages: those of all errors that the run met, as far as they are known: a replay adds those that it meets.

    Raises:
        ConfigurationError: the file is not a recording, or is damaged elsewhere than at its end.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._data = memoryview(path.read_bytes())
        except OSError as error:
            msg = f"{path} cannot be read ({error.strerror}): name a file or folder of kept answers."
            raise ConfigurationError(msg) from None
        self._places: dict[str, list[tuple[int, int]]] = {}
        self.aborted: PlaylakeError | None = None
        self.messages: set[str] = set()
        members = self._members()
        self.header = self._decoded(next(members, None), Header)
        if self.header.playlake_raw > FORMAT:
            msg = f"{path} was recorded by playlake {self.header.version}, a later version: update playlake."
            raise ConfigurationError(msg)
        self.last_at = self.header.started_at
        for member in members:
            line = self._decoded(member, _Indexed)
            self.last_at = max(self.last_at, line.received_at)
            if line.failure is not None:
                self.messages.add(line.failure.message)
            if line.path is not None:
                self._places.setdefault(line.path, []).append(member[:2])
            elif line.failure is not None:
                self.aborted = self.aborted or line.failure.error()

    def take(self, path: str) -> Exchange | None:
        """The next attempt of a request; null if there is none, or none any more."""
        places = self._places.get(path)
        if not places:
            return None
        start, end = places.pop(0)
        return _EXCHANGE.decode(zlib.decompress(self._data[start:end], _GZIP))

    def _members(self) -> Iterator[tuple[int, int, bytes]]:
        """For each line its start and end in the file, and its text."""
        at = 0
        while at < len(self._data):
            start, inflate, parts = at, zlib.decompressobj(_GZIP), []
            try:
                while at < len(self._data) and not inflate.eof:
                    chunk = self._data[at : at + _CHUNK]
                    parts.append(inflate.decompress(chunk))
                    at += len(chunk) - len(inflate.unused_data)
            except zlib.error as error:
                raise self._damaged(start, error) from None
            if not inflate.eof:
                # The run was killed while it wrote this.
                return
            yield start, at, b"".join(parts)

    def _decoded(self, member: tuple[int, int, bytes] | None, type_: type[T]) -> T:
        if member is None:
            raise self._damaged(0, "it is empty")
        try:
            return msgspec.json.decode(member[2], type=type_)
        except msgspec.DecodeError as error:
            raise self._damaged(member[0], error) from None

    def _damaged(self, at: int, what: object) -> ConfigurationError:
        msg = f"{self.path} is damaged, or holds no answers that playlake kept (at byte {at}: {what}): leave it out."
        return ConfigurationError(msg)


class _Indexed(Struct):
    """What the index needs of an `Exchange`."""

    received_at: Moment
    path: str | None = None
    requests: int = 0
    status: int | None = None
    headers: dict[str, str] | None = None
    no_answer: NoAnswer | None = None
    failure: Failure | None = None


def recordings(place: Path) -> list[Path]:
    """The recordings at a path, which is a file or a folder.

    Raises:
        ConfigurationError: there are no recordings.
    """
    found = sorted(place.glob(f"*{SUFFIX}")) if place.is_dir() else [place]
    if not found:
        msg = f"{place} holds no kept answers (*{SUFFIX}): name the folder that --keep-raw was given."
        raise ConfigurationError(msg)
    return found


def run_id_of(path: Path) -> str:
    """The id of the run in a file's name."""
    return path.name.removesuffix(SUFFIX).rpartition("-")[2]


def _member(line: Header | Exchange) -> bytes:
    squeeze = zlib.compressobj(LEVEL, wbits=_GZIP)
    return squeeze.compress(msgspec.json.encode(line) + b"\n") + squeeze.flush()


def _append(path: Path, member: bytes) -> None:
    """Appends bytes to a file atomically."""
    with open(path, "ab", buffering=0, opener=for_owner) as stream:
        size = stream.seek(0, os.SEEK_END)
        left = memoryview(member)
        try:
            while left:
                left = left[stream.write(left) :]
        except OSError:
            with suppress(OSError):
                stream.truncate(size)
            raise
