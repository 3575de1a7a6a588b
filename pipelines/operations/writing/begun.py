"""What a command has begun, kept on this machine until it is done, so that the same command goes on with it.

A query may ask about the very playlist that is being written, and a new playlist is not to be made twice.
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
"""How long a list that was begun is gone on with; after that the query is asked anew."""


class Begun(Struct):
    """What a command set out to do.

    Attributes:
        started_at: when.
        wanted: items and times, in order; null where the command finds the same again by itself.
        known_ids: playlists of the name that a new one gets, before it was made.
        playlist_id: the new one, once it is known.
    """

    started_at: datetime
    wanted: list[tuple[str | None, int | None]] | None = None
    known_ids: list[str] | None = None
    playlist_id: str | None = None

    @property
    def entries(self) -> list[Entry]:
        """What is wanted."""
        return [Entry(uri, at) for uri, at in self.wanted or ()]


@dataclass(frozen=True, slots=True)
class Beginnings:
    """The file of one command.

    Attributes:
        folder: where they are.
        command: all that tells the command from others.
    """

    folder: Path
    command: Sequence[str]

    @property
    def _file(self) -> Path:
        return self.folder / f"{blake2b(repr(list(self.command)).encode(), digest_size=12).hexdigest()}.json"

    def find(self, now: datetime) -> Begun | None:
        """What was begun and not done, unless that was long ago."""
        try:
            begun = msgspec.json.decode(self._file.read_bytes(), type=Begun)
        except (OSError, msgspec.DecodeError):
            return None
        return begun if now - begun.started_at < FRESH else None

    def keep(self, begun: Begun) -> None:
        """Notes it, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = self._file.with_suffix(".new")
        write_private(beside, msgspec.json.encode(begun))
        beside.replace(self._file)

    def done(self) -> None:
        """Forgets it."""
        self._file.unlink(missing_ok=True)
