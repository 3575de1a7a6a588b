"""Dates of release: Spotify gives a text and how much of it is meant."""

from datetime import date
from typing import Any


def released_on(row: Any) -> date | None:
    """The day that `release_date` and `release_date_precision` mean, as exactly as a date can say.

    A year means its 1 January, a month its first day. Taken-down albums carry `"0000"`, local files null;
    both are no date. The words are those of https://developer.spotify.com/documentation/web-api/reference/get-an-album
    """
    text = row.release_date
    if not isinstance(text, str):
        return None
    year, _, rest = text.partition("-")
    month, _, day = rest.partition("-")
    precision = row.release_date_precision
    try:
        return date(
            int(year),
            int(month) if month and precision != "year" else 1,
            int(day) if day and precision not in ("year", "month") else 1,
        )
    except (ValueError, OverflowError):
        return None
