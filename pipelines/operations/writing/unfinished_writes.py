"""Unfinished writes: recorded on this machine, so that the same command, run again, continues where it stopped.

A query may read the playlist that is being written, and a new playlist must not be created twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import Struct

from pipelines.destinations.private_files import write_private
from sources.spotify.writes.steps import Entry

FRESH = timedelta(days=1)
"""An unfinished write is continued for this long; after that, the query runs again."""


class UnfinishedWrite(Struct):
    """A write that was started and is not finished.

    Attributes:
        started_at: when the command started.
        wanted: the items to write and their times, in order; null if the command can compute them again.
        known_ids: ids of playlists that already had the new playlist's name before it was created.
        playlist_id: the new playlist, once its id is known.
    """

    started_at: datetime
    wanted: list[tuple[str | None, int | None]] | None = None
    known_ids: list[str] | None = None
    playlist_id: str | None = None

    @property
    def entries(self) -> list[Entry]:
        """The items to write."""
        return [Entry(uri, at) for uri, at in self.wanted or ()]


@dataclass(frozen=True, slots=True)
class UnfinishedWriteFile:
    """The file that records the unfinished write of one command.

    Attributes:
        folder: where these files are.
        command: the command's arguments, which identify the file.
    """

    folder: Path
    command: Sequence[str]

    @property
    def _file(self) -> Path:
        return self.folder / f"{blake2b(repr(list(self.command)).encode(), digest_size=12).hexdigest()}.json"

    def find(self, now: datetime) -> UnfinishedWrite | None:
        """The unfinished write, if there is one and it is not older than `FRESH`."""
        try:
            unfinished = msgspec.json.decode(self._file.read_bytes(), type=UnfinishedWrite)
        except (OSError, msgspec.DecodeError):
            return None
        return unfinished if now - unfinished.started_at < FRESH else None

    def keep(self, unfinished: UnfinishedWrite) -> None:
        """Writes the file atomically."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = self._file.with_suffix(".new")
        write_private(beside, msgspec.json.encode(unfinished))
        beside.replace(self._file)

    def done(self) -> None:
        """Deletes the file: the write is finished."""
        self._file.unlink(missing_ok=True)
