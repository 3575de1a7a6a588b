"""Times as the API writes them, ``2025-07-29T21:11:55Z``, and as the world stores them, in whole seconds."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from sources.spotify_sandbox.errors import WorldError

Clock = Callable[[], datetime]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BEGINNING = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def standing() -> datetime:
    """The default clock of a world: it stands still, so that the same edits give the same world."""
    return BEGINNING


def now() -> datetime:
    """The real clock, for a sandbox that runs as a program."""
    return datetime.now(UTC)


@lru_cache(maxsize=65_536)
def written(seconds: int) -> str:
    """Seconds since 1970 as the API writes them."""
    return (EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(text: str) -> int:
    """The seconds since 1970 of a time as the API writes it, in UTC without a time zone.

    Raises:
        WorldError: The text is not a valid time, or its year has not four digits.
    """
    try:
        time = datetime.fromisoformat(text)
        time = time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        time = None
    if time is None or time.year < 1000:
        message = f"{text!r} is not a valid time: write it as 2025-07-29T21:11:55Z"
        raise WorldError(message)
    return int(time.timestamp())


def precisely(milliseconds: int) -> str:
    """Milliseconds since 1970 as the API writes them in plays: ``2026-02-25T20:15:20.497Z``."""
    return f"{written(milliseconds // 1000)[:-1]}.{milliseconds % 1000:03}Z"
