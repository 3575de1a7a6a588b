"""The sandbox's rate limit and quota: faults that return 429. Without such a fault there is no limit.

Bodies as in the documentation of rate limits
(https://developer.spotify.com/documentation/web-api/concepts/rate-limits) and of quotas
(https://developer.spotify.com/documentation/web-api/references/changes/july-2026).
"""

from collections import deque
from math import ceil

from starlette.responses import Response

from sources.spotify_sandbox.errors import ApiError
from sources.spotify_sandbox.faults.kind import Condition
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.http.exchange import Exchange

CALLS = 180
"""Calls of an app that the fault `rate_limit` lets through in a window, if it names no other number."""

WINDOW = 30
"""Seconds of the window, which Spotify's documentation gives; it does not give the number of calls."""


def rate_limit(condition: Condition, exchange: Exchange) -> bool:
    """Lets an app make so many calls in a rolling window; refused ones do not count."""
    window = condition.option("window")
    now = condition.now.timestamp()
    calls: deque[float] = condition.memory.setdefault(exchange.client_id, deque())
    while calls and calls[0] <= now - window:
        calls.popleft()
    if len(calls) < condition.option("calls"):
        calls.append(now)
        return False
    condition.due += 1
    wait = max(1, ceil(calls[0] + window - now)) if calls else ceil(window)
    exchange.response = _too_many("API rate limit exceeded", wait if condition.option("retry_after") else None)
    return True


def too_many_requests(condition: Condition, exchange: Exchange) -> bool:
    """Refuses one call."""
    exchange.response = _too_many("API rate limit exceeded", condition.option("retry_after"))
    return True


def quota_exceeded(condition: Condition, exchange: Exchange) -> bool:
    """Refuses a call because the developer's quota is used up, for hours to come."""
    exchange.response = _too_many("Too many requests", condition.option("retry_after"), "QUOTA_EXCEEDED")
    return True


def _too_many(message: str, retry_after: int | None, reason: str | None = None) -> Response:
    response = answers.failed(ApiError(429, message, reason=reason))
    if retry_after is not None:
        response.headers["retry-after"] = str(retry_after)
    return response
