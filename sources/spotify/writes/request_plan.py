"""Plans the change from current to wanted entries: few requests, which keep the dates of entries that can stay."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from sources.spotify.writes.layout import Layout
from sources.spotify.writes.matching import matched
from sources.spotify.writes.steps import AT_ONCE, MOST, Entry, Step

PRICE = 3
"""Cost of a request, in lost dates: entries are moved one by one while that takes few requests per kept date."""

MANY = 50
"""Number of requests beyond which each costs more, since they use up the daily quota."""

DEAR = 10
"""Cost of each of those."""

LOCAL = "a local file, which the API cannot add"
HIDDEN = "whose URI Spotify does not show"
REFUSED = "refused by Spotify, so it no longer exists"
FULL = f"beyond the {MOST:,} entries that a playlist holds"
STUCK_LOCAL = "one copy too many of a local file: the API removes all of them or none, and cannot add one again"
STUCK_HIDDEN = "whose URI Spotify does not show"
STUCK_KEPT = "not removed by Spotify"
STUCK_GONE = "one copy too many of an item that is gone: the API removes all of them or none, and may not add it again"


@dataclass(frozen=True, slots=True)
class Limits:
    """What the API cannot do.

    Attributes:
        refused: URIs that it has refused to add.
        stuck: URIs that it has failed to remove.
        doubtful: URIs of items that are gone, as far as is known: perhaps they would not be taken again.
        at_once: maximum number of items that a request adds or removes.
        most: entries that a playlist can be brought to.
    """

    refused: frozenset[str] = frozenset()
    stuck: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()
    at_once: int = AT_ONCE
    most: int = MOST

    def can_add(self, entry: Entry) -> bool:
        """Whether an item may be added."""
        return entry.uri is not None and not entry.is_local and entry.uri not in self.refused

    def can_renew(self, entry: Entry) -> bool:
        """Whether an entry may be removed and added again."""
        return self.can_add(entry) and entry.uri not in self.doubtful | self.stuck


@dataclass(frozen=True)
class Plan:
    """The chosen changes, and their result.

    Attributes:
        current: the current entries.
        wanted: the wanted entries.
        layout: the chosen way.
        missing: places of the wanted list that cannot be filled, each with the reason.
        surplus: places of the current list that cannot be emptied, each with the reason.
    """

    current: Sequence[Entry]
    wanted: Sequence[Entry]
    layout: Layout
    missing: dict[int, str] = field(default_factory=dict)
    surplus: dict[int, str] = field(default_factory=dict)

    @cached_property
    def steps(self) -> list[Step]:
        """The requests, in order."""
        return self.layout.steps()

    @property
    def requests(self) -> int:
        """Number of requests."""
        return self.layout.requests

    @property
    def result(self) -> list[str | None]:
        """URIs of what is there afterwards, in order: the wanted list but for what is missing, and what is surplus."""
        return [self.current[item].uri if item >= 0 else self.wanted[~item].uri for item in self.layout.target]

    @cached_property
    def added(self) -> list[int]:
        """Places of the wanted list that get an item which is not on the playlist."""
        renewed = set(self.renewed)
        return [number for number in self.layout.added if number not in renewed]

    @cached_property
    def renewed(self) -> list[int]:
        """Places of the wanted list whose item has to be removed and added again, which gives it a new date."""
        there = Counter(self.current[place].uri for place in self.layout.removed)
        found = []
        for number in self.layout.added:
            uri = self.wanted[number].uri
            if there[uri] > 0:
                there[uri] -= 1
                found.append(number)
        return found

    @cached_property
    def removed(self) -> list[int]:
        """Places of the current list whose entries go for good."""
        again = Counter(self.wanted[number].uri for number in self.renewed)
        found = []
        for place in self.layout.removed:
            uri = self.current[place].uri
            if again[uri] > 0:
                again[uri] -= 1
            else:
                found.append(place)
        return found

    @property
    def moved(self) -> list[int]:
        """Places of the current list whose entries are moved."""
        return self.layout.moved


def plan(current: Sequence[Entry], wanted: Sequence[Entry], limits: Limits | None = None) -> Plan:
    """The way of the fewest requests, where dates that would be lost count as requests, too.

    Entries that can stay are moved, which keeps their dates, as long as a request more saves `PRICE` dates (`DEAR`
    from `MANY` requests on). Otherwise those that are out of order, or all, are removed and added again. The whole
    list is never replaced by one request: that would also take away what somebody else has added in the meantime.

    Args:
        current: what is there, in order.
        wanted: what is to be there.
        limits: what the API does not do.
    """
    limits = limits or Limits()
    gone, surplus = _to_remove(current, wanted, limits)
    first = _way(current, wanted, limits, gone, surplus)
    if first.result == [entry.uri for entry in current]:
        # Equal items may have each other's dates, which is no reason to move them.
        there = list(range(len(current)))
        return replace(first, layout=Layout(there, there, current, wanted, limits.at_once))
    ways = [first]
    movable = {current[place] for place in first.layout.moved}
    for renewed in (movable, set(current)):
        uris = {str(entry.uri) for entry in renewed if limits.can_renew(entry)}
        if uris - gone:
            ways.append(_way(current, wanted, limits, gone | uris, surplus))
    return min(ways, key=lambda way: _price(way, first))


def _price(way: Plan, first: Plan) -> int:
    """The cost of a way, in dates."""
    lost = len(way.layout.added) - len(first.layout.added)
    return PRICE * way.requests + (DEAR - PRICE) * max(0, way.requests - MANY) + lost


def _to_remove(
    current: Sequence[Entry], wanted: Sequence[Entry], limits: Limits
) -> tuple[frozenset[str], dict[str | None, str]]:
    """URIs of which copies have to go, so all do; and those of which copies should and cannot, with the reason."""
    now, then = Counter(entry.uri for entry in current), Counter(entry.uri for entry in wanted)
    gone, stuck = set(), dict[str | None, str]()
    for entry in {entry.uri: entry for entry in current}.values():
        if entry.uri is None or now[entry.uri] <= then[entry.uri]:
            continue
        if entry.uri in limits.stuck:
            stuck[entry.uri] = STUCK_KEPT
        elif not then[entry.uri] or limits.can_renew(entry):
            gone.add(entry.uri)
        else:
            stuck[entry.uri] = STUCK_LOCAL if entry.is_local else STUCK_GONE
    return frozenset(gone), stuck


def _way(
    current: Sequence[Entry],
    wanted: Sequence[Entry],
    limits: Limits,
    gone: frozenset[str] | set[str],
    stuck: dict[str | None, str],
) -> Plan:
    """The way in which all copies of some items are removed, and those of them that are wanted added again."""
    kept = {place: entry for place, entry in enumerate(current) if entry.uri not in gone}
    found = matched(kept, wanted)
    space, missing, target = limits.most - len(kept), dict[int, str](), list[int]()
    for number, entry in enumerate(wanted):
        if number in found:
            target.append(found[number])
        elif (reason := _why_not(entry, limits)) is not None:
            missing[number] = reason
        elif space <= 0:
            missing[number] = FULL
        else:
            space -= 1
            target.append(~number)
    stand_in = set(found.values())
    surplus = {place: stuck.get(entry.uri, STUCK_HIDDEN) for place, entry in kept.items() if place not in stand_in}
    layout = Layout(list(kept), _with_surplus(list(kept), surplus, target), current, wanted, limits.at_once)
    return Plan(current, wanted, layout, missing, surplus)


def _why_not(entry: Entry, limits: Limits) -> str | None:
    if entry.uri is None:
        return HIDDEN
    if entry.is_local:
        return LOCAL
    return REFUSED if entry.uri in limits.refused else None


def _with_surplus(kept: list[int], surplus: dict[int, str], target: list[int]) -> list[int]:
    """A target in which entries that cannot go stay behind the entry that they are behind now."""
    behind: dict[int | None, list[int]] = {}
    before: int | None = None
    for place in kept:
        if place in surplus:
            behind.setdefault(before, []).append(place)
        else:
            before = place
    found = list(behind.get(None, ()))
    for item in target:
        found += [item, *behind.get(item, ())]
    return found
