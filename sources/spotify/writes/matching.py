"""Which entry of a playlist stands for which wanted one."""

from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence

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
    found = _same_additions(current, wanted)
    taken = set(found.values())
    free: dict[str, deque[int]] = defaultdict(deque)
    for number, entry in enumerate(wanted):
        if number not in found and entry.uri is not None:
            free[entry.uri].append(number)
    left = {place: str(entry.uri) for place, entry in current.items() if place not in taken and entry.uri in free}
    by_place = {place: number for number, place in found.items()}
    found |= _in_order(current, by_place, left, free)
    taken = set(found.values())
    for place, uri in left.items():
        if place not in taken:
            while free[uri] and free[uri][0] in found:
                free[uri].popleft()
            if free[uri]:
                found[free[uri].popleft()] = place
    return found


def _same_additions(current: Mapping[int, Entry], wanted: Sequence[Entry]) -> dict[int, int]:
    """Of the same item and second, which are exact equals, the first is the first."""
    places: dict[Entry, deque[int]] = defaultdict(deque)
    for place, entry in current.items():
        if entry.added_at is not None or entry.uri is None:
            places[entry].append(place)
    found = {}
    for number, entry in enumerate(wanted):
        if places.get(entry):
            found[number] = places[entry].popleft()
    return found


def _in_order(
    current: Mapping[int, Entry], by_place: Mapping[int, int], left: Mapping[int, str], free: Mapping[str, deque[int]]
) -> dict[int, int]:
    """Pairs of a longest common subsequence, in which the pairs that are certain take part."""
    copies = Counter(left.values())
    pairs: list[tuple[int, int]] = []
    nth: Counter[str] = Counter()
    for place in current:
        if place in by_place:
            pairs.append((by_place[place], place))
        elif place in left:
            uri = left[place]
            numbers = list(free[uri])
            if copies[uri] * len(numbers) > PAIRS:
                numbers = numbers[nth[uri] : nth[uri] + 1]
                nth[uri] += 1
            # From the last to the first, so that of one entry's pairs only one can be in a sequence that rises.
            pairs += [(number, place) for number in reversed(numbers)]
    kept = longest_increasing([number for number, _ in pairs])
    return {pairs[index][0]: pairs[index][1] for index in kept if pairs[index][1] in left}
