"""Looks up what is stored, by id: only what a run asks for, and many ids at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Lookup(Generic[T]):
    """What was stored by id when it was first asked for.

    A lake may hold the playlists of thousands of users, and each query looks at every file of it: so a run looks up
    those of its own user, together.

    Args:
        ask: gives what is stored of ids, and nothing for those of which nothing is.
    """

    def __init__(self, ask: Callable[[Sequence[str]], Mapping[str, T]]) -> None:
        self._ask = ask
        self._found: dict[str, T | None] = {}

    def prepare(self, ids: Iterable[str]) -> None:
        """Looks up ids that will be asked for, those that were not yet."""
        new = sorted(set(ids) - self._found.keys())
        if new:
            found = self._ask(new)
            self._found |= {id_: found.get(id_) for id_ in new}

    def get(self, id_: str) -> T | None:
        """What was stored; null for nothing."""
        if id_ not in self._found:
            self.prepare([id_])
        return self._found[id_]
