"""Parses Spotify's timestamps."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MICROSECOND = timedelta(microseconds=1)


def parse_time(text: str | None) -> datetime | None:
    """A time as Spotify writes it (`2015-01-15T12:39:22Z`), in UTC; null without a text or a valid time."""
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def seconds(text: str | None) -> int | None:
    """A time as Spotify writes it, in whole seconds since 1970."""
    time = parse_time(text)
    return None if time is None else (time - EPOCH) // SECOND
