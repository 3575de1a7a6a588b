"""Incremental reading of a newest-first list, with bisection for removals.

What was known of the list is its order. Two pages that are as far apart in the list as they were in the known order
prove that nothing between them was removed. So additions are read from the top, and removals are found by bisection.
No page is asked for twice, so all of it never takes more requests than reading the list whole.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

E = TypeVar("E", bound=Hashable)
"""The identity of an entry."""


class UnknownOrderError(Exception):
    """The list is not the known one with additions at its top and some items removed: it has to be read whole."""


class ListChangedError(Exception):
    """The list changed while it was read, or a page lacks rows."""


class ListPage(NamedTuple, Generic[E]):
    """A page of the list.

    Attributes:
        entries: the identity of each entry, in order; null where Spotify hides it.
        total: how many entries the list has.
    """

    entries: Sequence[E | None]
    total: int


@dataclass(slots=True)
class NewestFirst(Generic[E]):
    """One reading of such a list.

    A hidden entry, or one that is only known to be there, stands for what was known at its place, as far as its
    neighbours tell; else for itself.

    Attributes:
        pages_at: gives pages, by the offsets at which they begin, in their order, and the entries on each.
        known: the entries in the order that was known.
        limit: entries on a page; fewer, if the first shows that the server gives fewer.
        is_hidden: whether an entry, which is not null, does not say what it is.
        pages: those that were read.
    """

    pages_at: Callable[[Sequence[int], int], Iterable[ListPage[E]]]
    known: Sequence[E | None]
    limit: int
    is_hidden: Callable[[E], bool] = lambda _: False
    pages: dict[int, ListPage[E]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many entries there are."""
        return self.pages[0].total

    def changes(self) -> list[E | None]:
        """The list as it is, of which only what differs from the known order is read.

        Raises:
            UnknownOrderError: it has to be read whole; what was read so far is kept.
            ListChangedError: it changed meanwhile.
        """
        places = {entry: place for place, entry in enumerate(self.known) if entry is not None}
        if len(places) < len(self.known) - self.known.count(None):
            raise UnknownOrderError
        found: list[E | None] = []
        number = 0
        while True:
            page = self._page(number)
            anchor = next((at for at, entry in enumerate(page) if entry in places), None)
            if anchor is not None or (number + 1) * self.limit >= self.total:
                break
            found += page
            number += 1
        if anchor is None:
            # All of it was read, and nothing of what was known is left, or is hidden.
            return self.whole()
        top, rest = [*found, *page[:anchor]], page[anchor:]
        first = places[page[anchor]]  # type: ignore[index]  # the anchor is known, and so no null
        while top and first > 0 and self._says_nothing(top[-1]):
            rest, first = [top.pop(), *rest], first - 1
        at = self._places(rest, places, first, len(self.known))
        end = min((number + 1) * self.limit, self.total)
        after = self._between(end, at[-1] + 1, self.total, len(self.known), places)
        return [*top, *(self.known[place] for place in (*at, *after))]

    def whole(self) -> list[E | None]:
        """The list as it is, all of it read.

        Raises:
            ListChangedError: it changed meanwhile.
        """
        first = self._page(0)
        numbers = range(1, -(-self.total // self.limit))
        self._read([number for number in numbers if number not in self.pages])
        read = [*first, *(entry for number in numbers for entry in self._page(number))]
        places = {entry: place for place, entry in enumerate(self.known) if entry is not None}
        return list(self._unhidden(read, places))

    def check(self) -> None:
        """Sees whether the list still begins as it did, if more than one page was read.

        Raises:
            ListChangedError: it does not.
        """
        if len(self.pages) > 1 and next(iter(self.pages_at([0], self.limit))) != self.pages[0]:
            raise ListChangedError

    def _page(self, number: int) -> list[E | None]:
        """The entries of a page."""
        if number not in self.pages:
            self._read([number])
        return list(self.pages[number].entries)

    def _read(self, numbers: Sequence[int]) -> None:
        offsets = [number * self.limit for number in numbers]
        for number, page in zip(numbers, self.pages_at(offsets, self.limit), strict=True):
            if number == 0 and 0 < len(page.entries) < min(self.limit, page.total):
                # The server gives less than was asked for.
                self.limit = len(page.entries)
            self.pages[number] = page
            rows = min(self.limit, max(self.total - number * self.limit, 0))
            if page.total != self.total or len(page.entries) != rows:
                raise ListChangedError

    def _between(self, start: int, first: int, end: int, last: int, places: dict[E, int]) -> Iterator[int]:
        """Places in the known order, from `first` to before `last`, of what the list holds from `start` to `end`."""
        removed = (last - first) - (end - start)
        if removed < 0:
            raise UnknownOrderError
        if removed == 0:
            yield from range(first, last)
        elif start < end:
            # `start` begins a page, so that the middle one is in between.
            number = (start + end - 1) // 2 // self.limit
            offset, page = number * self.limit, self._page(number)
            at = self._places(page, places, first, last)
            yield from self._between(start, first, offset, at[0], places)
            yield from at
            yield from self._between(offset + len(page), at[-1] + 1, end, last, places)

    def _places(self, page: Sequence[E | None], places: dict[E, int], first: int, last: int) -> list[int]:
        """Where each entry was in the known order, which must be theirs, between two places."""
        at = [self._place(entry, places) for entry in page]
        anchor = next((index for index, place in enumerate(at) if place is not None), None)
        if anchor is None:
            raise UnknownOrderError
        found: list[int] = []
        for index, place in enumerate(at):
            if place is None:
                place = found[-1] + 1 if found else (at[anchor] or 0) - anchor + index
            found.append(place)
        if found[0] < first or found[-1] >= last or any(a >= b for a, b in pairwise(found)):
            raise UnknownOrderError
        return found

    def _place(self, entry: E | None, places: dict[E, int]) -> int | None:
        """Where an entry was; -1 if nowhere, null if it does not say what it is."""
        if entry is not None and entry in places:
            return places[entry]
        return None if self._says_nothing(entry) else -1

    def _says_nothing(self, entry: E | None) -> bool:
        return entry is None or self.is_hidden(entry)

    def _unhidden(self, read: Sequence[E | None], places: dict[E, int]) -> Iterator[E | None]:
        """The same, with what was known in place of hidden entries where exactly as many stood between neighbours."""
        hidden: list[E | None] = []
        before = -1
        for entry in read:
            place = self._place(entry, places)
            if place is None:
                hidden.append(entry)
                continue
            yield from self._known_instead(hidden, before, place)
            hidden, before = [], before if place < 0 else place
            yield entry
        yield from self._known_instead(hidden, before, len(self.known))

    def _known_instead(self, hidden: list[E | None], before: int, after: int) -> list[E | None]:
        return list(self.known[before + 1 : after]) if after - before - 1 == len(hidden) else hidden
