"""The retry policy: after a 429, 5xx or a broken connection, how long to wait, how often, and what is too long.

The layers ask it: `retry_transport.py` repeats or aborts, `rate_limit_transport.py` holds all threads back.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from sources.spotify.http.transport import Answer

ATTEMPTS = 5
"""Attempts on failures: no answer, or 5xx."""
REFUSALS = 8
"""Attempts on 429; the back-off outlasts any rate-limit window."""
FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
RETRIES = 100
"""Retry budget of a run; ten successes refund one retry."""
REFUND = 10
"""Successes that refund one retry."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long to wait between attempts.

    Attributes:
        max_wait: seconds that a server may ask to wait; beyond that the run is aborted.
        jitter: numbers from 0 to 1 that keep many clients from repeating in step.
    """

    max_wait: float
    jitter: Callable[[], float] = random.random

    def back_off(self, failures: int) -> float:
        """Seconds to wait after so many earlier failures of the same request."""
        return min(FIRST_WAIT * 2.0**failures, LONGEST_WAIT) * (1 + self.jitter()) / 2

    def is_too_long(self, answer: Answer) -> bool:
        """Whether a 429 or 5xx asks for a longer wait than is allowed, or for one without an end: a used-up quota."""
        asked = answer.retry_after
        return is_quota(answer) or (asked is not None and asked > self.max_wait)


@dataclass(slots=True)
class RetryBudget:
    """How many retries a run has left: an outage uses them up, and ends it.

    Attributes:
        successes: how many successes the retries that are left are worth.
    """

    successes: float = RETRIES * REFUND
    _lock: Lock = field(default_factory=Lock)

    def spend(self) -> bool:
        """Takes one retry, and says whether there was one."""
        with self._lock:
            self.successes -= REFUND
            return self.successes >= 0

    def refund(self) -> None:
        """Notes a success."""
        with self._lock:
            self.successes += 1


def wait_after_refusal(back_off: float, asked: float | None) -> float:
    """Seconds for which a service is asked nothing after a 429.

    Args:
        back_off: what the policy says. A server that asks for 0 seconds is not asked again in the same instant.
        asked: the seconds of `Retry-After`; null without the header.
    """
    return max(back_off, asked or 0.0)


def is_quota(answer: Answer) -> bool:
    """Whether the app's quota is used up, which no wait ends."""
    return answer.status == 429 and b"QUOTA_EXCEEDED" in answer.body
