"""Incremental reading of a newest-first list, with bisection for removals.

The lake holds the order that the list had at the last reading, called the known order. If two pages are as far apart
in the list now as their entries were in the known order, nothing between them was removed. So additions are read from
the top, and removals are found by bisection. No page is requested twice, so a reading never takes more requests than
reading the whole list.
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
    """One reading of a newest-first list.

    A hidden entry is taken to be the known entry at its position if the visible neighbours prove it; otherwise it stays
    hidden.

    Attributes:
        pages_at: requests pages, by their offsets and the page size, and gives them in the order of the offsets.
        known: the entries in the known order, newest first.
        limit: the page size; reduced if the first page shows that the server gives fewer entries.
        is_hidden: whether an entry that is not null lacks its identity.
        pages: the pages that were read, by page number from 0.
    """

    pages_at: Callable[[Sequence[int], int], Iterable[ListPage[E]]]
    known: Sequence[E | None]
    limit: int
    is_hidden: Callable[[E], bool] = lambda _: False
    pages: dict[int, ListPage[E]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many entries the list has now."""
        return self.pages[0].total

    def changes(self) -> list[E | None]:
        """The current list; requests only the pages that may differ from the known order.

        Raises:
            UnknownOrderError: the list has to be read whole, with `whole`; pages that were read so far are kept.
            ListChangedError: the list changed while it was read.
        """
        positions = {entry: position for position, entry in enumerate(self.known) if entry is not None}
        if len(positions) < len(self.known) - self.known.count(None):
            raise UnknownOrderError
        found: list[E | None] = []
        number = 0
        while True:
            page = self._page(number)
            anchor = next((at for at, entry in enumerate(page) if entry in positions), None)
            if anchor is not None or (number + 1) * self.limit >= self.total:
                break
            found += page
            number += 1
        if anchor is None:
            # The whole list was read, and no visible entry of it is a known one.
            return self.whole()
        top, rest = [*found, *page[:anchor]], page[anchor:]
        first = positions[page[anchor]]  # type: ignore[index]  # the anchor is a known entry, so it is not null
        while top and first > 0 and self._is_unidentified(top[-1]):
            rest, first = [top.pop(), *rest], first - 1
        at = self._positions(rest, positions, first, len(self.known))
        end = min((number + 1) * self.limit, self.total)
        after = self._between(end, at[-1] + 1, self.total, len(self.known), positions)
        return [*top, *(self.known[position] for position in (*at, *after))]

    def whole(self) -> list[E | None]:
        """The current list; requests all pages that were not read yet.

        Raises:
            ListChangedError: the list changed while it was read, or two pages of it are the same, as from a cache.
        """
        first = self._page(0)
        numbers = range(1, -(-self.total // self.limit))
        self._read([number for number in numbers if number not in self.pages])
        shown = [
            tuple(page.entries) for page in self.pages.values() if not any(map(self._is_unidentified, page.entries))
        ]
        if len(set(shown)) < len(shown):
            raise ListChangedError
        read = [*first, *(entry for number in numbers for entry in self._page(number))]
        positions = {entry: position for position, entry in enumerate(self.known) if entry is not None}
        return list(self._unhidden(read, positions))

    def check(self) -> None:
        """Requests the first page again, if more than one was read, to see whether the list changed meanwhile.

        Raises:
            ListChangedError: the first page is another one now.
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
                # The server returns fewer entries than requested.
                self.limit = len(page.entries)
            self.pages[number] = page
            rows = min(self.limit, max(self.total - number * self.limit, 0))
            if page.total != self.total or len(page.entries) != rows:
                raise ListChangedError

    def _between(self, start: int, first: int, end: int, last: int, positions: dict[E, int]) -> Iterator[int]:
        """Known positions, all in `range(first, last)`, of the entries that the list has in `range(start, end)`."""
        removed = (last - first) - (end - start)
        if removed < 0:
            raise UnknownOrderError
        if removed == 0:
            yield from range(first, last)
        elif start < end:
            # `start` is the first entry of a page, so the middle page lies between `start` and `end`.
            number = (start + end - 1) // 2 // self.limit
            offset, page = number * self.limit, self._page(number)
            at = self._positions(page, positions, first, last)
            yield from self._between(start, first, offset, at[0], positions)
            yield from at
            yield from self._between(offset + len(page), at[-1] + 1, end, last, positions)

    def _positions(self, page: Sequence[E | None], positions: dict[E, int], first: int, last: int) -> list[int]:
        """The known position of each entry of a page; they must rise, and be in `range(first, last)`.

        Raises:
            UnknownOrderError: they do not rise, or no entry of the page is a known one.
        """
        at = [self._position(entry, positions) for entry in page]
        anchor = next((index for index, position in enumerate(at) if position is not None), None)
        if anchor is None:
            raise UnknownOrderError
        found: list[int] = []
        for index, position in enumerate(at):
            if position is None:
                position = found[-1] + 1 if found else (at[anchor] or 0) - anchor + index
            found.append(position)
        if found[0] < first or found[-1] >= last or any(a >= b for a, b in pairwise(found)):
            raise UnknownOrderError
        return found

    def _position(self, entry: E | None, positions: dict[E, int]) -> int | None:
        """The known position of an entry; -1 if the entry is new, null if it is hidden."""
        if entry is not None and entry in positions:
            return positions[entry]
        return None if self._is_unidentified(entry) else -1

    def _is_unidentified(self, entry: E | None) -> bool:
        return entry is None or self.is_hidden(entry)

    def _unhidden(self, read: Sequence[E | None], positions: dict[E, int]) -> Iterator[E | None]:
        """Replaces hidden entries by known ones where as many known entries lie between their visible neighbours."""
        hidden: list[E | None] = []
        before = -1
        for entry in read:
            position = self._position(entry, positions)
            if position is None:
                hidden.append(entry)
                continue
            yield from self._known_instead(hidden, before, position)
            hidden, before = [], before if position < 0 else position
            yield entry
        yield from self._known_instead(hidden, before, len(self.known))

    def _known_instead(self, hidden: list[E | None], before: int, after: int) -> list[E | None]:
        return list(self.known[before + 1 : after]) if after - before - 1 == len(hidden) else hidden
