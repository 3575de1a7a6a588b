"""The contents and entries of recorded answers, stored as their JSON."""

from random import Random
from typing import Any

import msgspec

from sources.spotify_sandbox.errors import WorldError
from sources.spotify_sandbox.world.contents import Kind, Verbatim
from sources.spotify_sandbox.world.entries import NOTHING
from sources.spotify_sandbox.worlds.observed import observed
from sources.spotify_sandbox.worlds.observed_works import ObservedWorks


class RecordedCatalogue:
    """The catalogue of a world made of recordings: it grows while they are read."""

    def __init__(self) -> None:
        # Number 0 is not used, so the forms of recorded entries count from 1.
        self._entries: list[bytes] = [b""]
        self._contents: list[tuple[Kind, str | None, bytes]] = []
        self._numbers: dict[str, int] = {}
        self._originals: dict[str, int] = {}
        # Computed once: by the first use, all recordings have been read.
        self.works = ObservedWorks(
            lambda: range(len(self._contents)), lambda number: observed(self._contents[number][2])
        )

    def add(self, entry: dict[str, Any]) -> tuple[int, int]:
        """The numbers of a recorded entry's content and of the entry itself."""
        self._entries.append(msgspec.json.encode(entry))
        # "item" takes precedence, as the newer name. Both are equal wherever both were recorded.
        content = entry.get("item") or entry.get("track")
        return (NOTHING if content is None else self._add(content)), len(self._entries) - 1

    def _add(self, content: dict[str, Any]) -> int:
        uri = content.get("uri")
        if uri is None or uri not in self._numbers:
            self._contents.append((_kind(content), uri, msgspec.json.encode(content)))
            number = len(self._contents) - 1
            if uri is None:
                return number
            self._numbers[uri] = number
            original = (content.get("linked_from") or {}).get("uri")
            if original is not None:
                # The original's id leads to the track that was recorded in its place.
                self._originals[original] = number
        return self._numbers[uri]

    def find(self, uri: str) -> int | None:
        """The number of the content with a URI."""
        return self._numbers.get(uri, self._originals.get(uri))

    def uri(self, index: int) -> str | None:
        """The URI of a content."""
        return self._contents[index][1]

    def kind(self, index: int) -> Kind:
        """What a content is."""
        return self._contents[index][0]

    def content(self, index: int) -> Verbatim:
        """The content itself."""
        return Verbatim(self._contents[index][2])

    def pick(self, random: Random) -> int:
        """Any content with a URI."""
        if not self._numbers:
            message = "nothing was recorded that could be added to a playlist"
            raise WorldError(message)
        return self._numbers[random.choice(list(self._numbers))]

    def recorded(self, form: int) -> bytes:
        """The JSON of recorded entry number ``form``."""
        return self._entries[form]


def _kind(content: dict[str, Any]) -> Kind:
    if content.get("is_local"):
        return "local"
    return "episode" if content.get("type") == "episode" else "track"
