"""How a request travels: timeouts, and repeating what failed for a moment."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from dlt.sources.helpers.requests.session import Session

from sources.errors import ApiError, TryLaterError

ATTEMPTS = 5
FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
TIMEOUT = (10.0, 60.0)
"""Seconds to connect, and to wait for the next bytes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: its status and its bytes, undecoded."""

    status: int
    body: bytes


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Transport:
    """Sends requests, one at a time.

    Attributes:
        max_retry_wait: seconds that a server may ask to wait; beyond that the run stops.
        now: the clock.
        sleep: how to wait, in seconds.
        jitter: numbers from 0 to 1 that keep many clients from repeating in step.
        sent: how many requests were sent.
    """

    max_retry_wait: float
    now: Callable[[], datetime] = utc_now
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    sent: int = 0
    _session: Session | None = None

    def send(self, method: str, url: str, **more: Any) -> Answer:
        """The answer to a request, whatever its status but 429 and 5xx, which are waited out.

        Redirects are not followed: a token goes only where it was meant to go.

        Raises:
            ApiError: no answer, or only 5xx, after repeating.
            TryLaterError: the server asks for a longer wait than allowed, or the quota is used up.
        """
        problem = ""
        for attempt in range(ATTEMPTS):
            try:
                response = self._send(method, url, **more)
            except requests.RequestException as error:
                status, problem = None, f"could not be reached ({_reason(error)})"
                wait = self._backoff(attempt)
            else:
                if response.status_code != 429 and response.status_code < 500:
                    return Answer(response.status_code, response.content)
                status, problem = response.status_code, f"answered HTTP {response.status_code}"
                wait = self._asked_wait(response, url, attempt)
            if attempt + 1 < ATTEMPTS:
                self.sleep(wait)
        if status == 429:
            msg = f"{url} limits the rate of requests: try again later."
            raise TryLaterError(msg, self.now() + timedelta(seconds=wait))
        msg = f"{url} {problem}, {ATTEMPTS} times: check the network and api_url, or try again later."
        raise ApiError(msg, status)

    def _send(self, method: str, url: str, **more: Any) -> requests.Response:
        if self._session is None:
            self._session = Session(timeout=TIMEOUT, raise_for_status=False)
        self.sent += 1
        return self._session.request(method, url, allow_redirects=False, **more)

    def _backoff(self, attempt: int) -> float:
        return min(FIRST_WAIT * 2.0**attempt, LONGEST_WAIT) * (1 + self.jitter()) / 2

    def _asked_wait(self, response: requests.Response, url: str, attempt: int) -> float:
        """Seconds to wait before repeating.

        https://developer.spotify.com/documentation/web-api/concepts/rate-limits: `Retry-After` holds whole
        seconds, but it may be hours, or missing; a used-up quota is never repeated.
        """
        asked = _retry_after(response.headers.get("Retry-After"), self.now())
        quota = response.status_code == 429 and b"QUOTA_EXCEEDED" in response.content
        if quota or (asked is not None and asked > self.max_retry_wait):
            resume_at = None if asked is None else self.now() + timedelta(seconds=asked)
            when = f"at {resume_at:%Y-%m-%d %H:%M:%S} UTC" if resume_at else "later; Spotify does not say when"
            what = "The app's quota is used up" if quota else "Spotify limits the rate of requests"
            msg = f"{what} ({url}): go on {when}. What was read is kept."
            raise TryLaterError(msg, resume_at)
        return asked if asked is not None else self._backoff(attempt)


def _retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds from a `Retry-After` header: a number or a date, or nothing sensible."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (ValueError, TypeError):
        return None


def _reason(error: requests.RequestException) -> str:
    """In a few words, without the address and the objects that requests puts into its messages."""
    if isinstance(error, requests.Timeout):
        return "timeout"
    if isinstance(error, requests.exceptions.SSLError):
        return "TLS error"
    if isinstance(error, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        return "the answer broke off"
    if isinstance(error, requests.ConnectionError):
        return "connection failed"
    return type(error).__name__
