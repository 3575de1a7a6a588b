"""Audits: full reads although nothing seems to have changed, since a snapshot id is only a hint."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST = timedelta(days=36_500)
"""The longest period; a longer one would overflow dates. It means never."""


def next_audit(subject: str, checked_at: datetime, every: timedelta) -> datetime:
    """When the next full read is due.

    Each playlist is audited at a time of its own within the period, computed from its id, so that playlists first read
    in one run are not all audited in one run. The next audit is never later than a period after the last reading.

    Args:
        subject: the id of the playlist, or another name.
        checked_at: when it was last read to the end.
        every: the period; none means at once.
    """
    if every <= timedelta(0):
        return checked_at
    every = min(every, LONGEST)
    digest = blake2b(subject.encode(), digest_size=8).digest()
    phase = every * (int.from_bytes(digest, "big") / 2**64)
    periods = (checked_at - _EPOCH - phase) // every + 1
    return min(_EPOCH + phase + periods * every, checked_at + every)
