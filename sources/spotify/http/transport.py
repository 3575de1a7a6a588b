"""The interface of transport layers: requests, answers, and why there was no answer."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Protocol

import requests

from sources.spotify.http.retry_after_header import retry_after


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def steady_clock(started: datetime) -> Callable[[], datetime]:
    """A clock that is started now, at that time, and that nobody sets while it is used."""
    begun = time.monotonic()
    return lambda: started + timedelta(seconds=time.monotonic() - begun)


class Service(Enum):
    """Which of Spotify's services is asked. Each has its own rate limit; only answers of the Web API are recorded."""

    WEB_API = "web_api"
    ACCOUNTS = "accounts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request, which may take several attempts.

    Attributes:
        method: the HTTP method.
        url: the whole address, without parameters.
        service: which service it goes to.
        idempotent: whether doing it twice does no more than doing it once. Any other is repeated only if it is sure
            that it was not served.
        params: parameters of the address.
        data: the fields of a form.
        content: what is sent besides, as it is; in place of a form.
        content_type: what that is.
        auth: what puts credentials on it.
        back_off: seconds that a 429 holds back all requests if it does not say how long.
    """

    method: str = "GET"
    url: str
    service: Service = Service.WEB_API
    idempotent: bool
    params: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] | None = None
    content: bytes | None = None
    content_type: str = "application/json"
    auth: requests.auth.AuthBase | None = None
    back_off: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer.

    Attributes:
        status: the HTTP status.
        body: the body, as undecoded bytes.
        headers: by names in any case.
        received_at: when it was there.
    """

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict, compare=False)
    received_at: datetime = field(default_factory=utc_now, compare=False)

    @property
    def retry_after(self) -> float | None:
        """Seconds that the server asks to wait; null if it does not say so, or nothing sensible."""
        return retry_after(self.headers.get("Retry-After"), self.received_at)


class NoAnswerError(Exception):
    """An attempt got no answer, and another one may.

    Attributes:
        reason: why, in words.
        advice: what to check if it persists.
        is_unsent: whether it is sure that the server got nothing of the request.
    """

    def __init__(self, reason: str, advice: str, *, is_unsent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice
        self.is_unsent = is_unsent


class Transport(Protocol):
    """Sends requests. Thread-safe. Layers wrap each other."""

    def send(self, request: Request) -> Answer:
        """The answer to a request.

        Raises:
            NoAnswerError: there was no answer; never raised by the retry layer and the layers above it.
            PlaylakeError: an error that no other attempt can change.
        """
