"""Composes the transport layers: session < recording < rate limit < retry; and what they share."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import requests

from sources.spotify.http.archive import Recording, RecordingFile
from sources.spotify.http.cancellation import Cancellation
from sources.spotify.http.counter import RequestCounter
from sources.spotify.http.rate_limit_transport import RateLimitTransport
from sources.spotify.http.recording import RecordingTransport
from sources.spotify.http.replay import ReplayCancellation, ReplayTransport
from sources.spotify.http.requests_transport import HttpTransport, new_session
from sources.spotify.http.retry_policy import RetryBudget, RetryPolicy
from sources.spotify.http.retry_transport import RetryTransport
from sources.spotify.http.server_clock import Difference, ServerTime
from sources.spotify.http.transport import Answer, Request, Transport, utc_now


@dataclass(frozen=True, slots=True)
class HttpStack:
    """A transport of all layers.

    Attributes:
        retry: the highest layer.
        cancellation: aborts everything that sends or waits.
        counter: counts requests.
        server_time: what answers have said about the time.
        now: the clock.
    """

    retry: RetryTransport
    cancellation: Cancellation
    counter: RequestCounter
    server_time: ServerTime
    now: Callable[[], datetime]

    def send(self, request: Request) -> Answer:
        """The answer to a request, as `RetryTransport.send` gives it."""
        return self.retry.send(request)

    @property
    def clock_difference(self) -> Difference | None:
        """How wrong this machine's clock is, by the answers so far; null if it is right, or that is not known."""
        return self.server_time.difference(self.now())


def http_stack(
    max_retry_wait: float,
    *,
    parallel: int = 1,
    archive: RecordingFile | None = None,
    api_url: str = "",
    now: Callable[[], datetime] = utc_now,
    tick: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] | None = None,
    jitter: Callable[[], float] = random.random,
    session: requests.Session | None = None,
) -> HttpStack:
    """A transport that sends requests.

    Args:
        max_retry_wait: seconds that a server may ask to wait; beyond that the run is aborted.
        parallel: how many requests may be under way.
        archive: where every attempt is recorded; none to record nothing.
        api_url: root of the Web API, for recordings.
        now: the clock.
        tick: a clock in seconds that never goes back.
        sleep: how to wait, in seconds; by default until then or until the run is aborted.
        jitter: numbers from 0 to 1 that keep many clients from repeating in step.
        session: connections to the servers; by default new ones.
    """
    cancellation, counter, server_time = Cancellation(sleep), RequestCounter(), ServerTime(tick)
    transport: Transport = HttpTransport(cancellation, counter, server_time, session or new_session(), now, tick)
    if archive is not None:
        transport = RecordingTransport(transport, archive, api_url, cancellation, now)
    transport = RateLimitTransport(transport, cancellation, parallel, tick)
    retry = RetryTransport(transport, RetryPolicy(max_retry_wait, jitter), cancellation)
    return HttpStack(retry, cancellation, counter, server_time, now)


def replay_stack(recording: Recording) -> HttpStack:
    """A transport that answers from a recording, at once: the rate was limited then, and the retry budget spent."""
    cancellation, counter = ReplayCancellation(recording), RequestCounter()
    transport = ReplayTransport(recording, cancellation, counter)
    policy, budget = RetryPolicy(recording.header.max_retry_wait), RetryBudget(float("inf"))
    retry = RetryTransport(transport, policy, cancellation, budget)
    return HttpStack(retry, cancellation, counter, ServerTime(time.monotonic), transport.now)
