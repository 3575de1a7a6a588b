"""A bounded cache of rendered contents, as bytes: a page is mostly a concatenation of these."""

import sys
from collections.abc import Iterable
from dataclasses import replace

from sources.spotify_sandbox.render.episodes import episode, episode_as_track
from sources.spotify_sandbox.render.tracks import local, track
from sources.spotify_sandbox.render.view import APART, View
from sources.spotify_sandbox.world.catalogue import Edit
from sources.spotify_sandbox.world.contents import Content, Episode, LocalFile, Verbatim
from sources.spotify_sandbox.world.markets import Markets
from sources.spotify_sandbox.world.world import World

REAL = b'"https://api.spotify.com/v1'


def rendered(content: Content, view: View) -> bytes:
    """The JSON of one content for a view."""
    if isinstance(content, Verbatim):
        return rehosted(content.json, view.base)
    if isinstance(content, LocalFile):
        return local(content, view).encode()
    if isinstance(content, Episode):
        return (episode if view.episodes else episode_as_track)(content, view).encode()
    return track(content, view).encode()


def rehosted(json: bytes, base: str) -> bytes:
    """Recorded JSON with links that lead to this sandbox."""
    return json.replace(REAL, b'"' + base.encode())


Pieces = tuple[bytes, ...]
"""A content's JSON in pieces; the lists of markets, which are most of it, are the same objects in all contents."""

_OVERHEAD = 300
"""Overhead in bytes for each content: a key, a tuple, the headers of its pieces."""

_Kept = dict[View, dict[tuple[int, Edit | None], Pieces]]


class Fragments:
    """A bounded cache of rendered contents.

    When the newer generation takes half of the memory, everything older that was not used meanwhile is dropped.
    """

    def __init__(self, world: World, limit: int = 128 * 1024 * 1024) -> None:
        self._world = world
        self._half = limit // 2
        self._size = 0
        self._young: _Kept = {}
        self._old: _Kept = {}
        self._shared: dict[str, bytes] = {}

    def many(self, numbers: Iterable[int], view: View) -> list[Pieces]:
        """The JSON of some contents; ``null`` for a negative number."""
        edits = self._world.edits
        young, old = self._young.setdefault(view, {}), self._old.get(view, {})
        apart: list[Markets] = []
        gathering = replace(view, apart=apart)
        fragments = []
        for number in numbers:
            key = (number, edits.get(number))
            pieces = young.get(key)
            if pieces is None:
                pieces = old.get(key) or self._pieces(number, gathering, apart)
                if self._size > self._half:
                    self._old, self._young, self._size = self._young, {}, 0
                    young, old = self._young.setdefault(view, {}), self._old.get(view, {})
                self._size += _OVERHEAD + sum(len(piece) for piece in pieces[::2])
                young[key] = pieces
            fragments.append(pieces)
        return fragments

    def prepare(self, numbers: Iterable[int], view: View) -> None:
        """Render some contents now, and make room so that none of them is dropped."""
        self._half = sys.maxsize
        self.many(numbers, view)

    def _pieces(self, number: int, view: View, apart: list[Markets]) -> Pieces:
        """The JSON of a content; every second piece is a list of markets, which the view keeps ``apart``."""
        if number < 0:
            return (b"null",)
        apart.clear()
        json = rendered(self._world.content(number), view)
        if not apart:
            return (json,)
        pieces = json.split(APART.encode())
        pieces[1::2] = [self._written(apart[int(place)]) for place in pieces[1::2]]
        return tuple(pieces)

    def _written(self, markets: Markets) -> bytes:
        return self._shared.setdefault(markets.json, markets.json.encode())
