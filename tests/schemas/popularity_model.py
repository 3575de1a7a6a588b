"""What the view over popularity must answer, worked out in plain Python from the rows that were loaded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

START = datetime(2026, 1, 1, tzinfo=UTC)
FIELDS = ("popularity", "followers_total")
QUERY = "SELECT item_type, item_id, observed_at, field, before, after FROM popularity_changes"


@dataclass(frozen=True, slots=True)
class Observed:
    """A load of one observation.

    Attributes:
        item: its kind and id.
        day: when it was observed; two may be of one moment.
        values: of the numbers.
        complete: whether the load came to its end.
        copies: how often its row was written.
    """

    item: tuple[str, str]
    day: int
    values: tuple[int | None, int | None]
    complete: bool = True
    copies: int = 1

    @property
    def row(self) -> dict[str, Any]:
        """Its row."""
        (item_type, item_id), when = self.item, START + timedelta(days=self.day)
        numbers = dict(zip(FIELDS, self.values, strict=True))
        return {"item_type": item_type, "item_id": item_id, "observed_at": when, **numbers}


ITEMS = st.sampled_from([("artist", "a"), ("album", "a"), ("artist", "b")])
NUMBERS = st.sampled_from([None, 0, 7, 2**53 + 1])
OBSERVED = st.lists(
    st.builds(Observed, ITEMS, st.integers(0, 4), st.tuples(NUMBERS, NUMBERS), st.booleans(), st.integers(1, 2)),
    max_size=6,
)


def changes(loads: Sequence[Observed]) -> Iterator[tuple[Any, ...]]:
    """The rows of the view; of two observations of one moment the one that was loaded last counts."""
    counted = {(load.item, load.day): load for load in loads if load.complete}
    for item in {load.item for load in loads}:
        states = [counted[key] for key in sorted(counted) if key[0] == item]
        for place, field in enumerate(FIELDS):
            told = [(load.row["observed_at"], load.values[place]) for load in states if load.values[place] is not None]
            for (_, before), (at, after) in pairwise(told):
                if after != before:
                    yield *item, at.timestamp(), field, before, after


def plain(rows: Sequence[tuple[Any, ...]]) -> list[str]:
    """Rows of the view as they compare."""
    return sorted(repr((*row[:2], row[2].timestamp(), *row[3:])) for row in rows)


def expected(loads: Sequence[Observed]) -> list[str]:
    """The same from the model."""
    return sorted(map(repr, changes(loads)))
