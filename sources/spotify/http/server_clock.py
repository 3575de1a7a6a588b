"""Detects a wrong clock of this machine by the `Date` headers of servers.

Loads and observations are ordered by this machine's clock. What is written while it is far ahead would stand before all
that comes until then, so a sync asks the servers for the time before it writes anything: each answer says it.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Lock

from sources.errors import WrongClockError

MOST = timedelta(minutes=5)
"""How much this machine's clock may differ: what clocks that nobody sets drift in months, and Kerberos allows."""

ALIKE = timedelta(minutes=1)
"""By how much servers may differ that say the same."""

ANSWERS = 16
"""The latest answers that count."""


def header_time(value: str | None) -> datetime | None:
    """The time in a header, in the format of mail or ISO 8601; null without a header or a valid time."""
    if not value:
        return None
    try:
        time = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError, IndexError):
        try:
            time = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def stated(headers: Mapping[str, str]) -> datetime | None:
    """The time at which a server answered; null where it did not say so, or a cache repeats what was said before."""
    if headers.get("Age", "0").strip() not in ("", "0"):
        return None
    return header_time(headers.get("Date"))


@dataclass(frozen=True, slots=True)
class Difference:
    """How this machine's clock differs from the servers'.

    Attributes:
        ours: the time here.
        theirs: the time there.
    """

    ours: datetime
    theirs: datetime

    @property
    def ahead(self) -> timedelta:
        """How far this machine is ahead; negative if it is behind."""
        return self.ours - self.theirs

    def __str__(self) -> str:
        """What is so, in a sentence's beginning."""
        side = "ahead of" if self.ahead > timedelta() else "behind"
        seconds = abs(self.ahead) // timedelta(seconds=1)
        return (
            f"This machine's clock says {self.ours:%Y-%m-%d %H:%M:%S} UTC, {seconds} s {side} Spotify's, which says "
            f"{self.theirs:%Y-%m-%d %H:%M:%S}"
        )


@dataclass(slots=True)
class ServerTime:
    """The times that servers have reported. Thread-safe.

    Attributes:
        tick: a clock in seconds that nobody sets.
    """

    tick: Callable[[], float]
    _observations: deque[tuple[datetime, float]] = field(default_factory=lambda: deque(maxlen=ANSWERS))
    _lock: Lock = field(default_factory=Lock)

    def note(self, headers: Mapping[str, str]) -> None:
        """Notes what an answer says."""
        time = stated(headers)
        if time is not None:
            with self._lock:
                self._observations.append((time, self.tick()))

    def difference(self, now: datetime) -> Difference | None:
        """How wrong this machine's clock is; null if it is right, or that is not known.

        It takes two answers that say the same, and none that says that the clock is right: a proxy's clock may be
        wrong, and must not stop syncs forever.

        Args:
            now: the time here.
        """
        with self._lock:
            noted_times = list(self._observations)
        at, times = self.tick(), []
        for time, noted in noted_times:
            try:
                times.append(time.astimezone(UTC) + timedelta(seconds=at - noted))
            except (OverflowError, ValueError):
                continue
        if len(times) < 2 or max(times) - min(times) > ALIKE or any(abs(now - time) <= MOST for time in times):
            return None
        return Difference(now, max(times))


def check(difference: Difference | None) -> None:
    """Stops a sync whose times would be wrong.

    Raises:
        WrongClockError: this machine's clock differs too much from the servers' clocks.
    """
    if difference is not None:
        msg = f"{difference}: set the clock right, and sync again. Nothing was written."
        raise WrongClockError(msg)
