"""What the views over ranked lists must answer, worked out in plain Python from the states that were loaded."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

START = datetime(2026, 1, 1, tzinfo=UTC)
ITEMS = "SELECT list, subject, user_id, observed_at, place, item_uri, item_type FROM ranked_list_items"
CHANGES = "SELECT list, subject, user_id, observed_at, change, item_uri, place_before, place FROM ranked_list_changes"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A load of one state of a list.

    Attributes:
        whose: list, subject and user.
        uris: in order.
        complete: whether the load came to its end.
        copies: how often its row was written.
    """

    whose: tuple[str, str, str]
    uris: tuple[str | None, ...]
    complete: bool = True
    copies: int = 1

    def row(self, number: int) -> dict[str, Any]:
        """Its row, as the load of a number."""
        when = START + timedelta(hours=number)
        names = dict(zip(("list", "subject", "user_id"), self.whose, strict=True))
        return {**names, "observed_at": when, "item_uris": list(self.uris), "item_count": len(self.uris)}


ARTIST, TRACK, SEED = "spotify:artist:1", "spotify:track:2", "acoustic"
TOP = "top_artists", "short_term"
WHOSE = st.sampled_from([(*TOP, "me"), (*TOP, "you"), ("queue", "", "me")])
URIS = st.lists(st.sampled_from([ARTIST, TRACK, SEED, "spotify:episode:é", None]), max_size=5).map(tuple)
RANKED = st.lists(st.builds(Ranked, WHOSE, URIS, st.booleans(), st.integers(1, 2)), max_size=7)


def states(loads: Sequence[Ranked]) -> Iterator[list[tuple[datetime, Ranked]]]:
    """The states of each list that count, in order, with their times."""
    for whose in {load.whose for load in loads}:
        found = [(START + timedelta(hours=n), load) for n, load in enumerate(loads) if load.whose == whose]
        if counted := [each for each in found if each[1].complete]:
            yield counted


def items(loads: Sequence[Ranked]) -> Iterator[tuple[Any, ...]]:
    """The rows of `ranked_list_items`."""
    for found in states(loads):
        at, newest = found[-1]
        for place, uri in enumerate(newest.uris, 1):
            kind = uri.split(":")[1] if uri is not None and ":" in uri else None
            yield (*newest.whose, at, place, uri, kind)


def changes(loads: Sequence[Ranked]) -> Iterator[tuple[Any, ...]]:
    """The rows of `ranked_list_changes`."""
    for found in states(loads):
        for (_, before), (at, after) in pairwise(found):
            here, there = places(before.uris), places(after.uris)
            for item in here.keys() | there.keys():
                old, new = here.get(item), there.get(item)
                if old != new:
                    change = "entered" if old is None else "left" if new is None else "moved"
                    yield (*after.whose, at, change, item[0], old, new)


def places(uris: Sequence[str | None]) -> dict[tuple[str, int], int]:
    """Where each item stands, from 1; one that is there again is distinguished by a number."""
    found: dict[tuple[str, int], int] = {}
    copies: Counter[str] = Counter()
    for place, uri in enumerate(uris, 1):
        if uri is not None:
            copies[uri] += 1
            found[uri, copies[uri]] = place
    return found


def plain(rows: Sequence[tuple[Any, ...]] | Iterator[tuple[Any, ...]]) -> list[str]:
    """Rows as they compare."""
    return sorted(repr((*row[:3], row[3].timestamp(), *row[4:])) for row in rows)
