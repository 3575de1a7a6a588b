"""One way to change a list into another: what stays, is removed and is added, and in which order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from sources.spotify.writes.order import Blocks, blocks, moves
from sources.spotify.writes.steps import Add, Entry, Remove, Step, chunks


@dataclass(frozen=True)
class Layout:
    """What stays and what should be there. Removals come first.

    Attributes:
        kept: places of the current list whose entries stay, in order.
        target: what is to be there: such a place, or, for an item that is added, `~` its place in the wanted list.
        current: what is there.
        wanted: the wanted list.
        at_once: maximum number of items that a request adds or removes.
    """

    kept: list[int]
    target: list[int]
    current: Sequence[Entry]
    wanted: Sequence[Entry]
    at_once: int

    @cached_property
    def removed(self) -> list[int]:
        """Places of the current list whose entries are removed."""
        stays = set(self.kept)
        return [place for place in range(len(self.current)) if place not in stays]

    @cached_property
    def added(self) -> list[int]:
        """Places of the wanted list whose items are added."""
        return [~item for item in self.target if item < 0]

    @cached_property
    def moved(self) -> list[int]:
        """Places of the current list whose entries are moved."""
        return [place for place in self.kept if place not in self._staying]

    @property
    def requests(self) -> int:
        """Number of requests."""
        return len(self._removals) + min(self._moves_first, self._adds_first)

    def steps(self) -> list[Step]:
        """The requests, in order."""
        if self._moves_first <= self._adds_first:
            return [*self._removals, *moves(self._order), *self._adds(self.target)]
        return [*self._removals, *self._adds(self._filled), *moves(blocks(self._filled, self.target))]

    @cached_property
    def _removals(self) -> list[Remove]:
        uris = dict.fromkeys(uri for place in self.removed if (uri := self.current[place].uri) is not None)
        return [Remove(some) for some in chunks(uris, self.at_once)]

    @cached_property
    def _order(self) -> Blocks:
        """The entries that stay, on the way to the order that they are to have."""
        return blocks(self.kept, [item for item in self.target if item >= 0])

    @cached_property
    def _staying(self) -> set[int]:
        """Places of entries that need not be moved."""
        wanted = [item for item in self.target if item >= 0]
        return {wanted[start + n] for start in self._order.staying for n in range(self._order.length[start])}

    @cached_property
    def _moves_first(self) -> int:
        """Requests after the removals if entries are in order before others come between them."""
        return self._order.moves + sum(1 for _ in self._adds(self.target))

    @cached_property
    def _adds_first(self) -> int:
        """Requests after the removals if entries that are to stand among new ones are moved there afterwards."""
        return sum(1 for _ in self._adds(self._filled)) + blocks(self._filled, self.target).moves

    @cached_property
    def _filled(self) -> list[int]:
        """What is there after the removals, with what is added behind the entry that stays before it."""
        behind: dict[int | None, list[int]] = {}
        before: int | None = None
        for item in self.target:
            if item < 0:
                behind.setdefault(before, []).append(item)
            elif item in self._staying:
                before = item
        found = list(behind.get(None, ()))
        for place in self.kept:
            found += [place, *behind.get(place, ())]
        return found

    def _adds(self, line: list[int]) -> Iterator[Add]:
        """Requests that fill a list from its beginning to its end, so that positions are those of the full list."""
        run: list[int] = []
        for position, item in enumerate([*line, 0]):
            if item < 0:
                run.append(~item)
            elif run:
                start = position - len(run)
                for number, some in enumerate(chunks(run, self.at_once)):
                    yield Add(self._uris(some), start + number * self.at_once)
                run = []

    def _uris(self, numbers: Sequence[int]) -> tuple[str, ...]:
        return tuple(str(self.wanted[number].uri) for number in numbers)
