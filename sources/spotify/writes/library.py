"""Saves items: one kind per request on the older paths, or any kinds if an app has only the newer path."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from sources.errors import ApiError, ForbiddenError, NotFoundError, ScopeError
from sources.spotify.api.changes import (
    ARE_FOLLOWED,
    ARE_SAVED,
    FOLLOW,
    SAVE,
    SAVE_ALBUMS,
    SAVE_AUDIOBOOKS,
    SAVE_EPISODES,
    SAVE_SHOWS,
    SAVE_TRACKS,
)
from sources.spotify.api.client import Client
from sources.spotify.api.endpoints import Endpoint
from sources.spotify.writes.steps import chunks

OLDER: Mapping[str, Endpoint[Any]] = MappingProxyType(
    {
        "track": SAVE_TRACKS,
        "album": SAVE_ALBUMS,
        "episode": SAVE_EPISODES,
        "show": SAVE_SHOWS,
        "audiobook": SAVE_AUDIOBOOKS,
        "artist": FOLLOW,
    }
)
"""The path of each kind, until February 2026."""


@dataclass(frozen=True, slots=True)
class Savable:
    """An item to save or follow.

    Attributes:
        uri: as the API has it; a book's is that of a show.
        kind: the API's word, such as `track`.
        added_at: when it was saved, where that is known.
    """

    uri: str
    kind: str
    added_at: datetime | None = None

    @property
    def item_id(self) -> str:
        """Spotify's id."""
        return self.uri.rpartition(":")[2]


@dataclass(slots=True)
class Saver:
    """Saves things. To save what is saved already changes nothing, so lost answers are asked for again.

    Attributes:
        client: the API.
        progress: called with the number of things that are done, and of all.
        changes: how many requests there were.
        is_older: whether the app has the older paths.
    """

    client: Client
    progress: Callable[[int, int], None] = lambda _done, _total: None
    changes: int = 0
    is_older: bool = True

    def find_paths(self, items: Sequence[Savable]) -> None:
        """Asks about one of the things, so that `requests` knows how many fit into one, and none is sent in vain.

        Raises:
            PlaylakeError: the API does not answer.
        """
        if not items:
            return
        try:
            if items[0].kind == "artist":
                self.client.get(ARE_FOLLOWED, type="artist", ids=items[0].item_id)
            else:
                self.client.get(ARE_SAVED, ids=items[0].item_id)
        except ScopeError:
            # Both paths may well be there.
            return
        except (ForbiddenError, NotFoundError):
            self.is_older = False
        except ApiError as error:
            # Who is told that the id is no track's has the path.
            if error.status != 400:
                raise

    def requests(self, items: Sequence[Savable]) -> int:
        """Number of requests, if Spotify refuses none."""
        return len(chunks(items, self._size(items[0].kind))) if items else 0

    def save(self, items: Sequence[Savable]) -> None:
        """Saves things of one kind, the oldest first. What Spotify does not take is left out.

        Raises:
            PlaylakeError: it takes none of them.
        """
        left = [*items]
        while left:
            # The size is another one once it is known which paths the app has.
            some = left[: self._size(left[0].kind)]
            self._save_some(some)
            del left[: len(some)]
            self.progress(len(items) - len(left), len(items))

    def _size(self, kind: str) -> int:
        return (OLDER[kind] if self.is_older else SAVE).limit or 1

    def _save_some(self, some: Sequence[Savable]) -> None:
        size = self._size(some[0].kind)
        if len(some) > size:
            for part in chunks(some, size):
                self._save_some(part)
            return
        self.changes += 1
        try:
            self._send(some)
        except ScopeError:
            raise
        except (ForbiddenError, NotFoundError):
            if not self.is_older:
                raise
            self.is_older = False
            self._save_some(some)
        except ApiError as error:
            # One that is unknown makes it refuse all.
            if error.status != 400:
                raise
            if len(some) > 1:
                middle = len(some) // 2
                self._save_some(some[:middle])
                self._save_some(some[middle:])

    def _send(self, some: Sequence[Savable]) -> None:
        # The first of a request ends up on top.
        newest = list(reversed(some))
        kind = newest[0].kind
        if not self.is_older:
            self.client.change(SAVE, uris=",".join(f"spotify:{kind}:{item.item_id}" for item in newest))
        elif kind == "track" and all(item.added_at is not None for item in newest):
            dated = [{"id": item.item_id, "added_at": _written(item.added_at)} for item in newest]
            self.client.change(SAVE_TRACKS, body={"timestamped_ids": dated})
        else:
            more = {"type": "artist"} if kind == "artist" else {}
            self.client.change(OLDER[kind], ids=",".join(item.item_id for item in newest), **more)


def _written(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
