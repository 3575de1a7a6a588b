"""Transport layer: delays requests to keep to the rate limits of Spotify's services; it does not retry."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import BoundedSemaphore

from sources.spotify.http.cancellation import Cancellation
from sources.spotify.http.rate_limiter import RateLimiter
from sources.spotify.http.retry_policy import wait_after_refusal
from sources.spotify.http.transport import Answer, Request, Service, Transport


@dataclass(slots=True)
class RateLimitTransport:
    """Delays requests until the rate limit allows them, and learns the limit from the answers.

    A 429 holds back all requests to its service, in all threads, and not only the one that it answers.

    Attributes:
        inner: sends the requests.
        cancellation: ends all waiting.
        parallel: maximum number of concurrent requests.
        tick: a clock in seconds that never goes back.
    """

    inner: Transport
    cancellation: Cancellation
    parallel: int = 1
    tick: Callable[[], float] = time.monotonic
    _limiters: dict[Service, RateLimiter] = field(init=False)
    _slots: BoundedSemaphore = field(init=False)

    def __post_init__(self) -> None:
        self._limiters = {service: RateLimiter(self.tick) for service in Service}
        self._slots = BoundedSemaphore(self.parallel)

    def send(self, request: Request) -> Answer:
        """The answer of the layer below, when the request's turn has come; its errors pass."""
        limiter = self._limiters[request.service]
        sent_at = self._take_turn(limiter)
        with self._slots:
            answer = self.inner.send(request)
        if answer.status == 429:
            asked = answer.retry_after
            limiter.refused(sent_at, wait_after_refusal(request.back_off, asked), asked)
        elif answer.status < 500:
            limiter.served(sent_at)
        return answer

    def _take_turn(self, limiter: RateLimiter) -> float:
        """Waits for a turn, and gives its time by the limiter's clock. An aborted run waits for nothing."""
        wait, at = limiter.turn()
        while wait > 0 and self.cancellation.error is None:
            self.cancellation.wait(wait)
            wait, at = limiter.turn()
        return at
