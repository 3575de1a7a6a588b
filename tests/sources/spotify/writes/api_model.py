"""What the API does to a playlist, written down again from its reference: nothing of the planner's is used here."""

from dataclasses import dataclass, field

Kept = tuple[str | None, int]
"""The URI of an item and when it was added."""


class RefusedError(Exception):
    """The API answers 400 or 403, and nothing has changed."""


@dataclass
class PlaylistModel:
    """A playlist behind the API.

    Attributes:
        rows: what is on it.
        gone: URIs that it does not take any more.
        at_once: most items of a request.
        most: most entries.
        now: when what is added now is added.
        requests: how many were answered.
    """

    rows: list[Kept]
    gone: frozenset[str] = frozenset()
    at_once: int = 100
    most: int = 10_000
    now: int = 1_000_000
    requests: int = field(default=0)

    @property
    def uris(self) -> list[str | None]:
        """The items, in order."""
        return [uri for uri, _ in self.rows]

    def add(self, uris: tuple[str, ...], position: int) -> None:
        """POST: puts up to 100 items at a position, all of them or none; not local files, and nothing that is gone."""
        self.requests += 1
        if not 1 <= len(uris) <= self.at_once or not 0 <= position <= len(self.rows):
            raise RefusedError
        if any(uri.startswith("spotify:local:") or uri in self.gone for uri in uris):
            raise RefusedError
        if len(self.rows) + len(uris) > self.most:
            raise RefusedError
        self.rows[position:position] = [(uri, self.now) for uri in uris]

    def remove(self, uris: tuple[str, ...]) -> None:
        """DELETE: takes off all copies of up to 100 items."""
        self.requests += 1
        if not 1 <= len(uris) <= self.at_once:
            raise RefusedError
        self.rows = [row for row in self.rows if row[0] not in uris]

    def move(self, start: int, length: int, before: int) -> None:
        """PUT: moves a range before an entry, whose position is counted before the move."""
        self.requests += 1
        if length < 1 or start < 0 or start + length > len(self.rows) or not 0 <= before <= len(self.rows):
            raise RefusedError
        block = self.rows[start : start + length]
        marked: list[Kept | None] = [*self.rows[:before], None, *self.rows[before:]]
        shift = 1 if before <= start else 0
        if start < before < start + length:
            return
        del marked[start + shift : start + shift + length]
        place = marked.index(None)
        self.rows = [row for row in [*marked[:place], *block, *marked[place + 1 :]] if row is not None]
