"""Plans as text."""

from collections import Counter
from collections.abc import Iterable, Mapping

from sources.spotify.writes.request_plan import Plan

SHOWN = 50
"""Number of items of each kind that are named."""


def lines(way: Plan, names: Mapping[str | None, str], what: str, requests: int) -> list[str]:
    """The changes of a plan, one item per line with `+`, `-`, `↕` or, if it gets a new date, `±`.

    Args:
        way: the plan.
        names: of items, by their URIs.
        what: the playlist, in words.
        requests: how many change something, those besides the items included.
    """

    def wanted(number: int) -> str:
        return f"{named(way.wanted[number].uri, names)} (place {number + 1})"

    def current(place: int) -> str:
        return f"{named(way.current[place].uri, names)} (from place {place + 1})"

    added, removed, moved, renewed = way.added, way.removed, way.moved, way.renewed
    counts = (
        f"{len(added):,} added",
        f"{len(removed):,} removed",
        f"{len(moved):,} moved",
        *([f"{len(renewed):,} removed and added again, with a new date"] if renewed else []),
    )
    return [
        f"{what[0].upper()}{what[1:]}: {', '.join(counts)}; {counted(requests)}.",
        *_some("+", map(wanted, added), len(added)),
        *_some("-", map(current, removed), len(removed)),
        *_some("↕", map(current, moved), len(moved)),
        *_some("±", map(wanted, renewed), len(renewed)),
    ]


def left_over(way: Plan, names: Mapping[str | None, str]) -> list[str]:
    """The changes that a plan cannot make, one sentence each; those that read the same are counted."""
    missing = [f"Not restored: {named(way.wanted[number].uri, names)}, {why}." for number, why in way.missing.items()]
    surplus = [f"Not removed: {named(way.current[place].uri, names)}, {why}." for place, why in way.surplus.items()]
    return [
        text if count == 1 else f"{text[:-1]} ({count:,} times)." for text, count in Counter(missing + surplus).items()
    ]


def counted(requests: int) -> str:
    """A number of requests, as text."""
    return "1 request" if requests == 1 else f"{requests:,} requests"


def named(uri: str | None, names: Mapping[str | None, str]) -> str:
    """An item by its name, else by its URI."""
    return names.get(uri) or uri or "a hidden item"


def _some(sign: str, items: Iterable[str], count: int) -> list[str]:
    shown = [f"  {sign} {item}" for item, _ in zip(items, range(SHOWN), strict=False)]
    return [*shown, f"  {sign} … and {count - SHOWN:,} more"] if count > SHOWN else shown
