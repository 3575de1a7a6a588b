"""What the view over descriptions must answer, worked out in plain Python from the rows that were loaded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

START = datetime(2026, 1, 1, tzinfo=UTC)
FIELDS = (
    "name",
    "description",
    "owner_id",
    "public",
    "collaborative",
    "followers_total",
    "items_total",
    "in_library",
)
QUERY = "SELECT playlist_id, observed_at, field, before, after FROM playlist_description_changes"


@dataclass(frozen=True, slots=True)
class Described:
    """A load of one description.

    Attributes:
        playlist_id: whose.
        hour: when it was observed; two may be of one moment.
        values: of the fields, in order.
        complete: whether the load came to its end.
        copies: how often its row was written.
    """

    playlist_id: str
    hour: int
    values: tuple[Any, ...]
    complete: bool = True
    copies: int = 1

    @property
    def row(self) -> dict[str, Any]:
        """Its row."""
        when = START + timedelta(hours=self.hour)
        return {"playlist_id": self.playlist_id, "observed_at": when, **dict(zip(FIELDS, self.values, strict=True))}


TEXTS, FLAGS = st.sampled_from([None, "", "a", "b"]), st.sampled_from([None, True, False])
NUMBERS = st.sampled_from([None, 0, 7, 2**53 + 1])
VALUES = st.tuples(TEXTS, TEXTS, TEXTS, FLAGS, FLAGS, NUMBERS, NUMBERS, FLAGS)
DESCRIBED = st.lists(
    st.builds(Described, st.sampled_from("pq"), st.integers(0, 4), VALUES, st.booleans(), st.integers(1, 2)),
    max_size=6,
)


def changes(loads: Sequence[Described]) -> Iterator[tuple[Any, ...]]:
    """The rows of the view; of two descriptions of one moment the one that was loaded last counts."""
    counted = {(load.playlist_id, load.hour): load for load in loads if load.complete}
    for playlist_id in {load.playlist_id for load in loads}:
        states = [counted[key] for key in sorted(counted) if key[0] == playlist_id]
        for place, field in enumerate(FIELDS):
            told = [(load.row["observed_at"], text(load.values[place])) for load in states]
            told = [each for each in told if each[1] is not None or field == "description"]
            for (_, before), (at, after) in pairwise(told):
                if after is not None and after != before:
                    yield playlist_id, at.timestamp(), field, before, after


def text(value: Any) -> str | None:
    """A value as databases write it."""
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def plain(rows: Sequence[tuple[Any, ...]]) -> list[str]:
    """Rows of the view as they compare."""
    return sorted(repr((row[0], row[1].timestamp(), *row[2:])) for row in rows)


def expected(loads: Sequence[Described]) -> list[str]:
    """The same from the model."""
    return sorted(map(repr, changes(loads)))
