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

FALSE_ALARM_INTERVAL = 5.0
"""Seconds after which a higher limit is tried, as long as the refusal may have been a false alarm."""

MIN_FALSE_ALARM_INTERVAL = 0.5
"""The least value of that, in seconds, after many refusals have turned out to be false alarms."""

RETRY_INTERVAL = 60.0
"""Seconds after which more than a confirmed limit is tried; each refused try doubles them."""

TOLERANCE = 8
"""How many requests above the limit may seem to be served, because the server counts them in another order."""

MIN_REQUESTS = 10
"""Requests in the longest window that are always allowed, so that one false alarm does not slow a whole run down."""

MAX_SLACK = 0.03
"""By how much the window may be lengthened, as a fraction, because requests travel at different speeds."""


@dataclass(slots=True)
class RateLimiter:
    """Decides when the next request may be sent. Thread-safe.

    Until the first refusal (429) there is no limit. A refusal sets the limit to the number of requests that were served
    in the window, and the wait that it asks for shows how long the window is. It may be a false alarm, so twice as
    many requests are tried soon. If they are refused at the same number again, it is a confirmed limit: it is kept, and
    more is tried only much later. If more requests are served than the limit allows, the limit is dropped.

    Attributes:
        tick: a clock in seconds that never goes back.
        limit: the most requests in a window; null while no limit is known.
        window: the length of the window in seconds.
    """

    tick: Callable[[], float]
    limit: int | None = None
    window: float = LONGEST_WINDOW
    _sent: deque[float] = field(default_factory=deque)
    _not_before: float = float("-inf")
    _learning_since: float = float("-inf")
    _counted_since: float = float("-inf")
    _more_at: float = float("inf")
    _false_alarm_interval: float = FALSE_ALARM_INTERVAL
    _retry_interval: float = RETRY_INTERVAL
    _level: int = 0
    _suspected: int = 0
    _is_confirmed: bool = False
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
            self._drop_old(now)
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
        """Notes that the request that had its turn at `sent_at` was served; drops a limit that this disproves."""
        with self._lock:
            if self.limit is None:
                return
            count = bisect_right(self._sent, sent_at) - bisect_right(self._sent, sent_at - self.window)
            if count > self._level + max(TOLERANCE, self._level // 20):
                self.limit, self.window, self._retry_interval = None, LONGEST_WINDOW, RETRY_INTERVAL
                self._is_confirmed = self._is_trying = False
                self._false_alarm_interval = max(MIN_FALSE_ALARM_INTERVAL, self._false_alarm_interval / 2)

    def refused(self, sent_at: float, wait: float, asked: float | None = None) -> None:
        """Notes a refusal (429), and holds all requests back.

        Args:
            sent_at: when the request that was refused had its turn.
            wait: seconds for which no request is sent.
            asked: the seconds of `Retry-After`, after which there is room in the window; null without the header.
        """
        with self._lock:
            now = self.tick()
            # Servers count only the requests that they served.
            if sent_at in self._sent:
                self._sent.remove(sent_at)
            if sent_at >= self._not_before:
                self._learning_since, self._suspected = self._not_before, 0
                self._learn(sent_at, asked)
                self._confirm()
            elif self.limit is not None and sent_at >= self._learning_since:
                # Requests under way are refused together: that is one refusal, and each makes the limit more exact.
                self.limit = self._level = max(self._min_limit, min(self.limit, self._sent_since(self._counted_since)))
                self._confirm()
            self._more_at = now + wait + (self._retry_interval if self._is_confirmed else self._false_alarm_interval)
            self._not_before = max(self._not_before, now + wait)

    @property
    def _span(self) -> float:
        return self.window * (1 + self._slack)

    @property
    def _min_limit(self) -> int:
        return max(1, int(MIN_REQUESTS * self.window / LONGEST_WINDOW))

    def _try_more(self, now: float) -> None:
        limit = self.limit or 0
        self.limit = limit + max(1, limit // 10) if self._is_confirmed else 2 * limit
        self._is_trying = True
        self._more_at = now + (
            max(FALSE_ALARM_INTERVAL, self.window) if self._is_confirmed else self._false_alarm_interval
        )

    def _learn(self, sent_at: float, asked: float | None) -> None:
        """Sets limit and window from a refusal."""
        if self.limit is None:
            if asked is not None and self._sent:
                # Servers ask for whole seconds, rounded up, and windows are whole seconds long.
                self.window = min(max(1.0, floor(sent_at + asked - self._sent[0])), LONGEST_WINDOW)
            self._counted_since = sent_at - LONGEST_WINDOW
            self._set_limit(self._sent_since(self._counted_since))
            return
        self._counted_since = sent_at - self.window
        served = self._sent_since(self._counted_since)
        if not self._sent or self._sent[-1] < self._not_before:
            # No request was served since the last refusal: the limit has fallen, or the window is longer than assumed.
            self.window = min(2 * self.window, LONGEST_WINDOW) if served < self._min_limit else self.window
            self._set_limit(self.limit // 2)
        elif self._is_trying:
            # Among many false alarms, two refusals at one number prove little.
            self._retry_interval = (
                2 * self._retry_interval
                if self._is_confirmed
                else RETRY_INTERVAL * self._false_alarm_interval / FALSE_ALARM_INTERVAL
            )
            self._suspected = self._level
            self._set_limit(served)
        elif served < min(self.limit * 0.8, self.limit - 2):
            self._set_limit(served)
        elif self._slack < MAX_SLACK:
            self._slack += 0.01
            self._is_confirmed, self._counted_since = True, float("-inf")
        else:
            self._set_limit(self.limit - 1, is_confirmed=True)

    def _confirm(self) -> None:
        """Confirms a limit if a refusal came at about the same number before, and keeps the earlier number."""
        if self._suspected and abs(self._level - self._suspected) <= max(1, self._suspected // 5):
            self._counted_since = float("-inf")
            self._set_limit(self._suspected, is_confirmed=True)
            self._false_alarm_interval = min(FALSE_ALARM_INTERVAL, 2 * self._false_alarm_interval)

    def _set_limit(self, served: int, *, is_confirmed: bool = False) -> None:
        self.limit = self._level = max(self._min_limit, served)
        self._is_confirmed, self._is_trying = is_confirmed, False

    def _sent_since(self, time: float) -> int:
        """How many requests have been sent after a time and not been refused."""
        return len(self._sent) - bisect_right(self._sent, time)

    def _drop_old(self, now: float) -> None:
        while self._sent and self._sent[0] <= now - LONGEST_WINDOW * (1 + MAX_SLACK):
            self._sent.popleft()
