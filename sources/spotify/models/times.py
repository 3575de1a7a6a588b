"""Parses Spotify's timestamps."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MICROSECOND = timedelta(microseconds=1)

KEPT = 16_384
"""Timestamps that are cached: each entry's is needed several times, and playlists hold at most about 11,000."""


def from_microseconds(count: int) -> datetime:
    """The time so many microseconds after 1970, in UTC; what a database counts, it need not look up a time zone for."""
    return EPOCH + count * MICROSECOND


@lru_cache(maxsize=KEPT)
def parse_time(text: str | None) -> datetime | None:
    """A time as Spotify writes it (`2015-01-15T12:39:22Z`), in UTC; null without a text or a valid time."""
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=KEPT)
def seconds(text: str | None) -> int | None:
    """A time as Spotify writes it, in whole seconds since 1970."""
    time = parse_time(text)
    return None if time is None else (time - EPOCH) // SECOND
