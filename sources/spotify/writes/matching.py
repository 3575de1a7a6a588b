"""Matches entries of a playlist with wanted entries."""

from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Mapping, Sequence

from sources.spotify.resources.addition_keys import longest_increasing
from sources.spotify.writes.steps import Entry

PAIRS = 10_000
"""Pairs of equal items that are weighed against each other; with more of them, the first stands for the first."""


def matched(current: Mapping[int, Entry], wanted: Sequence[Entry]) -> dict[int, int]:
    """For places of the wanted list, the place now of the entry that stands for it.

    The same addition stands for itself, wherever it is. Other copies of an item are taken where the fewest entries
    have to move. Hidden items are only ever themselves.

    Args:
        current: entries by their place, in order.
        wanted: what is to be there.
    """
    same = {_addition(entry) for entry in current.values()} & {_addition(entry) for entry in wanted} - {None}

    def group(entry: Entry) -> Hashable:
        """What it may stand for: the same addition where there is one, else any copy of the item."""
        return entry if _addition(entry) in same else entry.uri

    now = {place: group(entry) for place, entry in current.items()}
    then = [group(entry) for entry in wanted]
    found = _in_order(now, then)
    _fill(found, now, then)
    _fill(found, {place: entry.uri for place, entry in current.items()}, [entry.uri for entry in wanted])
    return found


def _addition(entry: Entry) -> Entry | None:
    """The entry, if it tells one addition from others of its item."""
    return entry if entry.added_at is not None or entry.uri is None else None


def _in_order(now: Mapping[int, Hashable], then: Sequence[Hashable]) -> dict[int, int]:
    """Pairs of equals, as many as there are in the same order on both sides, but equally many equals one by one."""
    free: dict[Hashable, list[int]] = defaultdict(list)
    for number, what in enumerate(then):
        if what is not None:
            free[what].append(number)
    copies, nth = Counter(now.values()), Counter[Hashable]()
    pairs: list[tuple[int, int]] = []
    certain: dict[int, int] = {}
    for place, what in now.items():
        numbers = free.get(what, [])
        if copies[what] == len(numbers) or copies[what] * len(numbers) > PAIRS:
            numbers = numbers[nth[what] : nth[what] + 1]
            nth[what] += 1
            certain |= dict.fromkeys(numbers, place)
        # From the last to the first, so that of one entry's pairs only one can be in a sequence that rises.
        pairs += [(number, place) for number in reversed(numbers)]
    kept = longest_increasing([number for number, _ in pairs])
    return certain | {pairs[index][0]: pairs[index][1] for index in kept}


def _fill(found: dict[int, int], now: Mapping[int, Hashable], then: Sequence[Hashable]) -> None:
    """Pairs what is left, the first with the first."""
    free: dict[Hashable, deque[int]] = defaultdict(deque)
    for number, what in enumerate(then):
        if number not in found and what is not None:
            free[what].append(number)
    taken = set(found.values())
    for place, what in now.items():
        if place not in taken and free.get(what):
            found[free[what].popleft()] = place
