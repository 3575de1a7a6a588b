"""Saving items: in which requests, in which order, and what becomes of what Spotify does not take."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, cast

import pytest

from sources.errors import ApiError, ForbiddenError, ScopeError
from sources.spotify.api.changes import ARE_SAVED, SAVE
from sources.spotify.api.endpoints import Endpoint
from sources.spotify.writes.library import OLDER, Savable, Saver

if TYPE_CHECKING:
    from sources.spotify.api.client import Client

FIRST = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass
class Library:
    """The part of a client that saves, with a user's library behind it.

    Attributes:
        unknown: ids that make the API refuse all of a request.
        has_older: whether the app has the older paths.
        allowed: whether the user has consented.
        saved: ids, the newest first.
        sizes: how many ids each request had that was served.
    """

    unknown: frozenset[str] = frozenset()
    has_older: bool = True
    allowed: bool = True
    saved: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def get(self, _endpoint: Endpoint[Any], **_params: Any) -> list[bool]:
        """Whether something is saved."""
        self._check(older=True)
        return [False]

    def change(self, endpoint: Endpoint[Any], body: Any = None, **params: Any) -> None:
        """Saves, the first of the request on top."""
        self._check(older=endpoint is not SAVE)
        given = [each["id"] for each in body["timestamped_ids"]] if body else _ids(params)
        assert 0 < len(given) <= (endpoint.limit or 0)
        if not self.unknown.isdisjoint(given):
            msg = "invalid id"
            raise ApiError(msg, 400)
        self.sizes.append(len(given))
        self.saved = [*given, *(each for each in self.saved if each not in given)]

    def _check(self, *, older: bool) -> None:
        if not self.allowed:
            msg = "insufficient scope"
            raise ScopeError(msg)
        if older and not self.has_older:
            msg = "no such path for this app"
            raise ForbiddenError(msg, 403)


def _ids(params: dict[str, Any]) -> list[str]:
    return [each.rpartition(":")[2] for each in (params.get("ids") or params["uris"]).split(",")]


def _items(kind: str, count: int, *, dated: bool = True) -> list[Savable]:
    times = (FIRST + timedelta(hours=n) if dated else None for n in range(count))
    return [Savable(f"spotify:{kind}:id{number}", kind, time) for number, time in enumerate(times)]


@pytest.mark.parametrize("kind", OLDER)
@pytest.mark.parametrize("has_older", [True, False])
def test_all_that_spotify_takes_is_saved_in_order(kind: str, *, has_older: bool) -> None:
    """Whichever paths an app has and whatever is unknown, the rest is saved, the newest on top, in full requests."""
    random = Random(f"{kind} {has_older}")
    for unknown in (0, 1, 7):
        items = _items(kind, 107, dated=random.random() < 0.5)
        refused = frozenset(item.item_id for item in random.sample(items, unknown))
        library, done = Library(refused, has_older), list[tuple[int, int]]()
        saver = Saver(cast("Client", library), lambda *numbers, done=done: done.append(numbers))
        if random.random() < 0.5:
            saver.find_paths(items)
        expected = saver.requests(items)
        saver.save(items)
        assert library.saved == [item.item_id for item in reversed(items) if item.item_id not in refused]
        assert done[-1] == (107, 107)
        assert saver.is_older is has_older
        if not unknown and saver.is_older is has_older:
            assert len(library.sizes) >= expected


def test_a_lack_of_consent_is_told() -> None:
    """Without the user's consent nothing is tried on other paths, and the error says so."""
    library = Library(allowed=False)
    saver = Saver(cast("Client", library))
    saver.find_paths(_items("track", 1))
    with pytest.raises(ScopeError):
        saver.save(_items("track", 3))
    assert (saver.changes, saver.is_older, library.saved) == (1, True, [])


@pytest.mark.parametrize(("status", "is_older"), [(400, True), (500, None)])
def test_a_question_that_fails(monkeypatch: pytest.MonkeyPatch, status: int, is_older: bool | None) -> None:
    """Who is told that an id is no track's has the path; another error is not swallowed."""
    library = Library()

    def refuse(endpoint: Endpoint[Any], **_params: Any) -> list[bool]:
        assert endpoint is ARE_SAVED
        msg = "refused"
        raise ApiError(msg, status)

    monkeypatch.setattr(library, "get", refuse)
    saver = Saver(cast("Client", library))
    if is_older is None:
        with pytest.raises(ApiError, match="refused"):
            saver.find_paths(_items("show", 1))
    else:
        saver.find_paths(_items("show", 1))
        assert saver.is_older is is_older


def test_nothing_to_save_asks_nothing() -> None:
    """Without items there is no request."""
    saver = Saver(cast("Client", None))
    saver.find_paths([])
    saver.save([])
    assert (saver.requests([]), saver.changes) == (0, 0)
