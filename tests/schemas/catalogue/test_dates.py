from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.catalogue.dates import released_on
from sources.spotify.models.answers import Album, Item


@pytest.mark.parametrize(
    ("text", "precision", "expected"),
    [
        ("1981", "year", date(1981, 1, 1)),
        ("1981-12", "month", date(1981, 12, 1)),
        ("1981-12-15", "day", date(1981, 12, 15)),
        ("2024-02-29", "day", date(2024, 2, 29)),
        # The precision says how much of the text is meant.
        ("1981-12-15", "month", date(1981, 12, 1)),
        ("1981-12-15", "year", date(1981, 1, 1)),
        # As much of it as there is.
        ("1981", "day", date(1981, 1, 1)),
        ("1981-12", None, date(1981, 12, 1)),
        ("1981-12-15", None, date(1981, 12, 15)),
        # Taken-down albums, local files, and what is no date.
        ("0000", "year", None),
        ("0000-00-00", "day", None),
        ("", "year", None),
        (None, None, None),
        ("2023-02-29", "day", None),
        ("1981-13", "month", None),
        ("1981-00", "month", None),
        ("soon", "year", None),
        ("2200000000", "year", None),
        ("1981-12-15T00:00:00Z", "day", None),
    ],
)
def test_release_dates(text: str | None, precision: str | None, expected: date | None) -> None:
    """A release date is the first day that its text can mean, or none."""
    assert released_on(Album(release_date=text, release_date_precision=precision)) == expected
    assert released_on(Item(release_date=text, release_date_precision=precision)) == expected


@given(day=st.dates(), precision=st.sampled_from(["year", "month", "day", None, "century"]), text=st.text())
def test_any_text_is_a_date_or_none(day: date, precision: str | None, text: str) -> None:
    """A day reads back as itself, and no text stops a load."""
    assert released_on(Album(release_date=day.isoformat(), release_date_precision="day")) == day
    released_on(Album(release_date=text, release_date_precision=precision))
