"""The rate limiter: learns the allowed request rate from 429s; shared by all threads.

Spotify limits an app's requests in a rolling window of 30 seconds and does not publish how many it allows
(https://developer.spotify.com/documentation/web-api/concepts/rate-limits).
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import floor
from threading import Lock

LONGEST_WINDOW = 30.0
"""Seconds over which Spotify says it counts; a limit that counts over less is recognised."""

SOON = 5.0
"""Seconds after which more is tried, as long as the limit may have been a stray refusal."""

SOONEST = 0.5
"""The same in seconds where refusals have turned out to be strays again and again."""

LATER = 60.0
"""Seconds after which a limit that was met twice is tried again; each time in vain doubles that."""

UNSURE = 8
"""How many more requests than a limit may seem served, being counted here in another order than by the server."""

FEWEST = 10
"""Requests in the longest window that are always tried, lest one stray refusal slows a whole run down."""

MOST_SLACK = 0.03
"""How much longer than a window may be waited, because requests travel at different speeds: a part of it."""


@dataclass(slots=True)
class RateLimiter:
    """Decides when the next request may be sent. Thread-safe.

    Until a refusal there is no limit. A refusal shows how many requests were too many and, by the wait that it asks
    for, in how long a window; or it was a stray one: so soon twice as many are tried. Refused at the same number
    again, the limit is taken for real, kept to, and tried again only much later. Where more are served than a limit
    allows there is none, and it is forgotten.

    Attributes:
        tick: a clock in seconds that never goes back.
        limit: the most requests in a window; none as long as none was refused.
        window: its length in seconds.
    """

    tick: Callable[[], float]
    limit: int | None = None
    window: float = LONGEST_WINDOW
    _sent: deque[float] = field(default_factory=deque)
    _not_before: float = float("-inf")
    _lesson_from: float = float("-inf")
    _counted_from: float = float("-inf")
    _more_at: float = float("inf")
    _soon: float = SOON
    _patience: float = LATER
    _level: int = 0
    _known: int = 0
    _is_real: bool = False
    _is_trying: bool = False
    _slack: float = 0.01
    _lock: Lock = field(default_factory=Lock)

    def turn(self) -> tuple[float, float]:
        """Takes a turn to send a request.

        Returns:
            Seconds to wait before asking for a turn again, 0 if the request may go now; and the time of the turn.
        """
        with self._lock:
            now = self.tick()
            self._forget(now)
            if now < self._not_before:
                return self._not_before - now, now
            if self.limit is not None:
                if now >= self._more_at:
                    self._try_more(now)
                if len(self._sent) >= self.limit:
                    free_at = min(self._more_at, self._sent[-self.limit] + self._span)
                    if free_at > now:
                        return free_at - now, now
            self._sent.append(now)
            return 0.0, now

    def served(self, sent_at: float) -> None:
        """Notes that the request that had its turn then was not refused: more than a limit allows disprove it."""
        with self._lock:
            if self.limit is None:
                return
            count = bisect_right(self._sent, sent_at) - bisect_right(self._sent, sent_at - self.window)
            if count > self._level + max(UNSURE, self._level // 20):
                self.limit, self.window, self._patience = None, LONGEST_WINDOW, LATER
                self._is_real = self._is_trying = False
                self._soon = max(SOONEST, self._soon / 2)

    def refused(self, sent_at: float, wait: float, asked: float | None = None) -> None:
        """Notes that the server limits the rate: nobody sends anything for so many seconds.

        Args:
            sent_at: when the request that was refused had its turn.
            wait: how long.
            asked: what the server asked for, if it did: until there is room in its window.
        """
        with self._lock:
            now = self.tick()
            # Servers count those that they served.
            if sent_at in self._sent:
                self._sent.remove(sent_at)
            if sent_at >= self._not_before:
                self._lesson_from, self._known = self._not_before, 0
                self._learn(sent_at, asked)
                self._confirm()
            elif self.limit is not None and sent_at >= self._lesson_from:
                # Several requests under way are refused together: that is one lesson, which each makes more exact.
                self.limit = self._level = max(self._fewest, min(self.limit, self._since(self._counted_from)))
                self._confirm()
            self._more_at = now + wait + (self._patience if self._is_real else self._soon)
            self._not_before = max(self._not_before, now + wait)

    @property
    def _span(self) -> float:
        return self.window * (1 + self._slack)

    @property
    def _fewest(self) -> int:
        return max(1, int(FEWEST * self.window / LONGEST_WINDOW))

    def _try_more(self, now: float) -> None:
        limit = self.limit or 0
        self.limit = limit + max(1, limit // 10) if self._is_real else 2 * limit
        self._is_trying = True
        self._more_at = now + (max(SOON, self.window) if self._is_real else self._soon)

    def _learn(self, sent_at: float, asked: float | None) -> None:
        """What a refusal says about the limit."""
        if self.limit is None:
            if asked is not None and self._sent:
                # Servers ask for whole seconds, rounded up, and windows are whole seconds long.
                self.window = min(max(1.0, floor(sent_at + asked - self._sent[0])), LONGEST_WINDOW)
            self._counted_from = sent_at - LONGEST_WINDOW
            self._settle(self._since(self._counted_from))
            return
        self._counted_from = sent_at - self.window
        served = self._since(self._counted_from)
        if not self._sent or self._sent[-1] < self._not_before:
            # Not one was served since: the limit has fallen, or its window is longer than it looked.
            self.window = min(2 * self.window, LONGEST_WINDOW) if served < self._fewest else self.window
            self._settle(self.limit // 2)
        elif self._is_trying:
            # Among strays two of them at one number mean little.
            self._patience = 2 * self._patience if self._is_real else LATER * self._soon / SOON
            self._known = self._level
            self._settle(served)
        elif served < min(self.limit * 0.8, self.limit - 2):
            self._settle(served)
        elif self._slack < MOST_SLACK:
            self._slack += 0.01
            self._is_real, self._counted_from = True, float("-inf")
        else:
            self._settle(self.limit - 1, is_real=True)

    def _confirm(self) -> None:
        """Takes a limit for real that was met before, as it was then."""
        if self._known and abs(self._level - self._known) <= max(1, self._known // 5):
            self._counted_from = float("-inf")
            self._settle(self._known, is_real=True)
            self._soon = min(SOON, 2 * self._soon)

    def _settle(self, served: int, *, is_real: bool = False) -> None:
        self.limit = self._level = max(self._fewest, served)
        self._is_real, self._is_trying = is_real, False

    def _since(self, time: float) -> int:
        """How many have been sent after a time, and not been refused."""
        return len(self._sent) - bisect_right(self._sent, time)

    def _forget(self, now: float) -> None:
        while self._sent and self._sent[0] <= now - LONGEST_WINDOW * (1 + MOST_SLACK):
            self._sent.popleft()
