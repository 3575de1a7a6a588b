"""How fast requests may go, learnt from refusals and shared by all that send them.

Spotify limits an app's requests in a rolling window of 30 seconds and does not publish how many it allows
(https://developer.spotify.com/documentation/web-api/concepts/rate-limits).
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from sources.errors import PlaylakeError

WINDOW = 30.0
"""Seconds over which Spotify counts."""

SOON = 5.0
"""Seconds after which more is tried, as long as the limit may have been a stray refusal."""

FEWEST = 10
"""Requests in a window that are always tried, lest one stray refusal slows a whole run down."""


@dataclass(slots=True)
class Pace:
    """Says when the next request may go. Any thread may ask.

    Until a refusal there is no limit. A refusal tells how many requests in a window were too many, or it was a stray
    one: a tenth less is sent, and soon more is tried. Refused at the same number again, later, the limit is
    taken for real and more is tried only once a window.

    Attributes:
        tick: a clock in seconds that never goes back.
        limit: the most requests in a window; none as long as none was refused.
        ended: why no more requests may be sent at all.
    """

    tick: Callable[[], float]
    limit: int | None = None
    ended: PlaylakeError | None = None
    _sent: deque[float] = field(default_factory=deque)
    _not_before: float = float("-inf")
    _learnt_at: float = float("-inf")
    _level: int = 0
    _level_since: float = float("-inf")
    _is_real: bool = False
    _lock: Lock = field(default_factory=Lock)

    def turn(self) -> float:
        """Takes a turn to send a request.

        Returns:
            Seconds to wait before asking for a turn again; 0 if the request may go now.

        Raises:
            PlaylakeError: no more requests may be sent.
        """
        with self._lock:
            if self.ended is not None:
                raise self.ended
            now = self.tick()
            self._forget(now)
            if now < self._not_before:
                return self._not_before - now
            if self.limit is not None:
                more_at = self._learnt_at + (WINDOW if self._is_real else SOON)
                if now >= more_at:
                    self.limit += max(1, self.limit // 10) if self._is_real else max(FEWEST, self.limit // 4)
                    self._learnt_at, more_at = now, now + SOON
                if len(self._sent) >= self.limit:
                    return min(more_at, self._sent[-self.limit] + WINDOW) - now
            self._sent.append(now)
            return 0.0

    def refused(self, wait: float) -> None:
        """Notes that the server limits the rate: nobody sends anything for so many seconds."""
        with self._lock:
            now = self.tick()
            self._forget(now)
            # Several requests under way are refused together: that is one lesson.
            if now >= self._not_before:
                sent = len(self._sent)
                if abs(sent - self._level) > self._level / 5:
                    self._level, self._level_since = sent, now
                self._is_real = now - self._level_since >= WINDOW / 2
                lower = max(FEWEST, sent * 9 // 10)
                self.limit = lower if self.limit is None else min(self.limit, lower)
                self._learnt_at = now + wait
            self._not_before = max(self._not_before, now + wait)

    def end(self, error: PlaylakeError) -> None:
        """Stops all sending, for the reason given."""
        with self._lock:
            self.ended = self.ended or error

    def _forget(self, now: float) -> None:
        while self._sent and self._sent[0] <= now - WINDOW:
            self._sent.popleft()
