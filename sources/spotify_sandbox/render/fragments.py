"""Contents as bytes, kept while there is room: a page is mostly a join of these."""

from collections.abc import Iterable

from sources.spotify_sandbox.catalogue import Edit
from sources.spotify_sandbox.contents import Content, Episode, LocalFile, Verbatim
from sources.spotify_sandbox.render.episodes import episode, episode_as_track
from sources.spotify_sandbox.render.tracks import local, track
from sources.spotify_sandbox.render.view import View
from sources.spotify_sandbox.world import World

REAL = b'"https://api.spotify.com/v1'


def rendered(content: Content, view: View) -> bytes:
    """The JSON of one content as a view has it."""
    if isinstance(content, Verbatim):
        return rehosted(content.json, view.base)
    if isinstance(content, LocalFile):
        return local(content, view).encode()
    if isinstance(content, Episode):
        return (episode if view.episodes else episode_as_track)(content, view).encode()
    return track(content, view).encode()


def rehosted(json: bytes, base: str) -> bytes:
    """Recorded JSON whose links lead to this sandbox."""
    return json.replace(REAL, b'"' + base.encode())


class Fragments:
    """A bounded cache of rendered contents. When it is full it starts anew: pages come in no order worth guarding."""

    def __init__(self, world: World, limit: int = 128 * 1024 * 1024) -> None:
        self._world = world
        self._limit = limit
        self._size = 0
        self._kept: dict[View, dict[tuple[int, Edit | None], bytes]] = {}

    def many(self, numbers: Iterable[int], view: View) -> list[bytes]:
        """The JSON of some contents; ``null`` for a negative number."""
        kept = self._kept.setdefault(view, {})
        edits = self._world.edits
        fragments = []
        for number in numbers:
            key = (number, edits.get(number))
            fragment = kept.get(key)
            if fragment is None:
                fragment = b"null" if number < 0 else rendered(self._world.content(number), view)
                kept = self._keep(view, key, fragment)
            fragments.append(fragment)
        return fragments

    def _keep(self, view: View, key: tuple[int, Edit | None], fragment: bytes) -> dict[tuple[int, Edit | None], bytes]:
        if self._size + len(fragment) > self._limit:
            self._kept.clear()
            self._size = 0
        self._size += len(fragment)
        kept = self._kept.setdefault(view, {})
        kept[key] = fragment
        return kept
