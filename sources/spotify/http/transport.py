"""How a request travels: timeouts, and repeating what failed for a moment."""

import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import isnan
from threading import BoundedSemaphore, Event, Lock, local
from typing import Any

import requests
from dlt.sources.helpers.requests.session import Session
from urllib3.exceptions import LocationValueError

from sources.errors import ApiError, PlaylakeError, TryLaterError
from sources.spotify.http.body_limits import LONGEST, TooLargeError, body, timed, within
from sources.spotify.http.network_errors import advice, asks_for_password, misconfigured, reason
from sources.spotify.http.rate_limit import Pace
from sources.spotify.http.server_clock import Difference, ServerTime, header_time

ATTEMPTS = 5
REFUSALS = 8
"""How often a request that is only too early is sent: with the waits between, longer than any window."""
FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
LONGEST_ASKED = 3 * 86400.0
"""Seconds that a server is believed to mean: 15 hours have been seen, and a slip must not stop syncs for years."""
REPEATS = 100
"""How often a run may repeat requests, and once more for every ten that went well: an outage ends it."""
TIMEOUT = (10.0, 60.0)
"""Seconds to connect, and to wait for the next bytes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: its status and its bytes, undecoded, and its headers by names in any case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict, compare=False)


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def steady_clock(started: datetime) -> Callable[[], datetime]:
    """A clock that is started now, at that time, and that nobody sets while it is used."""
    begun = time.monotonic()
    return lambda: started + timedelta(seconds=time.monotonic() - begun)


def new_session() -> requests.Session:
    """A session with timeouts, which leaves statuses to the caller."""
    return timed(Session(timeout=TIMEOUT, raise_for_status=False))


@dataclass(slots=True)
class Transport:
    """Sends requests, from any thread.

    Attributes:
        max_retry_wait: seconds that a server may ask to wait; beyond that the run stops.
        now: the clock.
        sleep: how to wait, in seconds; by default until then or until it is stopped.
        jitter: numbers from 0 to 1 that keep many clients from repeating in step.
        session: connections to the servers.
        tick: a clock in seconds that never goes back.
        parallel: how many requests may be under way.
        sent: how many requests were sent.
        repeats: how many may still be repeated.
    """

    max_retry_wait: float
    now: Callable[[], datetime] = utc_now
    sleep: Callable[[float], object] | None = None
    jitter: Callable[[], float] = random.random
    session: requests.Session = field(default_factory=new_session)
    tick: Callable[[], float] = time.monotonic
    parallel: int = 1
    sent: int = 0
    repeats: float = REPEATS
    _here: local = field(default_factory=local)
    _lock: Lock = field(default_factory=Lock)
    _stopped: Event = field(default_factory=Event)
    _wait: Callable[[float], object] = field(init=False)
    _pace: Pace = field(init=False)
    _own_pace: Pace = field(init=False)
    _free: BoundedSemaphore = field(init=False)
    _server_time: ServerTime = field(init=False)

    def __post_init__(self) -> None:
        self._pace, self._own_pace = Pace(self.tick), Pace(self.tick)
        self._wait = self.sleep or self._stopped.wait
        self._free = BoundedSemaphore(self.parallel)
        self._server_time = ServerTime(self.tick)

    @property
    def clock_difference(self) -> Difference | None:
        """How wrong this machine's clock is, by the answers so far; null if it is right, or that cannot be told."""
        return self._server_time.difference(self.now())

    @property
    def sent_here(self) -> int:
        """How many requests the calling thread has sent, or had sent for its sake."""
        return getattr(self._here, "sent", 0)

    @sent_here.setter
    def sent_here(self, number: int) -> None:
        self._here.sent = number

    def stop(self, error: PlaylakeError) -> None:
        """Sends nothing more, in any thread."""
        self._pace.end(error)
        self._own_pace.end(error)
        self._stopped.set()

    def send(self, method: str, url: str, *, is_counted: bool = True, **more: Any) -> Answer:
        """The answer to a request, whatever its status but 429 and 5xx, which are waited out.

        Redirects are not followed: a token goes only where it was meant to go.

        Args:
            method: of HTTP.
            url: the whole address.
            is_counted: whether the Web API counts it; requests for tokens have limits of their own.
            more: what `requests` takes.

        Raises:
            ApiError: no answer, or only 5xx, after repeating; or one that is too large.
            ConfigurationError: a proxy or a file of certificates is configured wrongly.
            TryLaterError: the server asks for a longer wait than allowed, limits the rate even after
                repeating, the quota is used up, or too much had to be repeated in this run.
        """
        problem: PlaylakeError
        pace = self._pace if is_counted else self._own_pace
        attempt = refusals = 0
        while attempt < ATTEMPTS and refusals < REFUSALS:
            sent_at = self._take_turn(pace)
            wait = self._backoff(attempt)
            try:
                with self._free:
                    answer = self._request(method, url, **more)
            except requests.RequestException as error:
                problem = _unavailable(url, f"could not be reached ({reason(error)})", advice=advice(error, url))
                attempt += 1
                self._pause(wait if attempt < ATTEMPTS else None, url)
                continue
            if answer.status != 429 and answer.status < 500:
                pace.served(sent_at)
                self.repeats += 0.1
                return answer
            asked = _retry_after(answer.headers.get("Retry-After"), self.now())
            problem = self._refusal(answer, url, asked)
            if _is_quota(answer) or (asked is not None and asked > self.max_retry_wait):
                self.stop(problem)
                raise problem
            if answer.status == 429:
                # A server that asks for 0 seconds is not asked again in the same instant.
                pace.refused(sent_at, max(self._backoff(refusals), asked or 0.0), asked)
                refusals += 1
                self._pause(0.0 if refusals < REFUSALS else None, url)
            else:
                attempt += 1
                self._pause(max(wait, asked or 0.0) if attempt < ATTEMPTS else None, url)
        raise problem

    def repeat(self, attempt: int, url: str) -> None:
        """Waits before an answer that made no sense is asked for again, the first time for attempt 0.

        Raises:
            TryLaterError: too much had to be repeated in this run.
        """
        self._pause(self._backoff(attempt), url)

    def _request(self, method: str, url: str, **more: Any) -> Answer:
        """The answer to a request that is sent once.

        Raises:
            requests.RequestException: there was none, or it broke off, or took too long.
            ApiError: it is too large.
            ConfigurationError: a proxy or a file of certificates is configured wrongly.
        """
        try:
            with within(LONGEST, self.tick):
                response = self.session.request(method, url, allow_redirects=False, stream=True, **more)
                answer = Answer(response.status_code, body(response), response.headers)
        except TooLargeError as error:
            msg = f"{url} answered {error}, which no answer of the Web API has: check api_url and proxies."
            raise ApiError(msg, response.status_code) from None
        except (OSError, LocationValueError) as error:
            # Those of `requests` are such, too; an address may be none only when it is looked up.
            if (wrong := misconfigured(error, url)) is not None:
                raise wrong from None
            raise error if isinstance(error, requests.RequestException) else requests.ConnectionError(error) from None
        self._server_time.note(answer.headers)
        if answer.status == 407:
            raise asks_for_password(url)
        if answer.status == 429 or answer.status >= 500:
            self._refused(method, url, answer, more.get("params", {}))
        return answer

    def _refused(self, method: str, url: str, answer: Answer, params: Mapping[str, Any]) -> None:
        """Called with each answer that is only waited out, and so does not come back from `send`."""

    def _take_turn(self, pace: Pace) -> float:
        """Waits for a turn, and gives its time by the clock of the pace."""
        wait, at = pace.turn()
        while wait > 0:
            self._wait(wait)
            wait, at = pace.turn()
        with self._lock:
            self.sent += 1
        self.sent_here += 1
        return at

    def _pause(self, wait: float | None, url: str) -> None:
        """Waits before a repetition, unless there is to be none."""
        if wait is None:
            return
        self.repeats -= 1
        if self.repeats < 0:
            msg = f"Too many requests failed and had to be repeated, {url} the last: sync again later."
            self.stop(TryLaterError(msg))
        elif wait:
            self._wait(wait)

    def _backoff(self, attempt: int) -> float:
        return min(FIRST_WAIT * 2.0**attempt, LONGEST_WAIT) * (1 + self.jitter()) / 2

    def _refusal(self, answer: Answer, url: str, asked: float | None) -> PlaylakeError:
        """What a 429 or 5xx means to the operator.

        https://developer.spotify.com/documentation/web-api/concepts/rate-limits: `Retry-After` holds whole
        seconds, but it may be hours, or missing; a used-up quota is never repeated.
        """
        status = answer.status
        if status != 429 and (asked is None or asked <= self.max_retry_wait):
            return _unavailable(url, f"answered HTTP {status}", status)
        resume_at = None if asked is None else self.now() + timedelta(seconds=asked)
        when = f"at {resume_at:%Y-%m-%d %H:%M:%S} UTC" if resume_at else "later; Spotify does not say when"
        what = f"Spotify is out of service (HTTP {status})"
        if status == 429:
            what = "The app's quota is used up" if _is_quota(answer) else "Spotify limits the rate of requests"
        msg = f"{what} ({url}): go on {when}. What was read is kept."
        return TryLaterError(msg, resume_at)


def _unavailable(
    url: str, problem: str, status: int | None = None, advice: str = "check the network and api_url, or try again later"
) -> ApiError:
    msg = f"{url} {problem}, {ATTEMPTS} times: {advice}."
    return ApiError(msg, status)


def _is_quota(answer: Answer) -> bool:
    return answer.status == 429 and b"QUOTA_EXCEEDED" in answer.body


def _retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds from a `Retry-After` header: a number or a date, at most three days, or nothing sensible.

    Of several, as a proxy adds its own to the server's, the longest counts.
    """
    if not value:
        return None
    try:
        seconds = max(map(_seconds, value.split(",")))
    except ValueError:
        date = header_time(value)
        if date is None:
            return None
        seconds = date.timestamp() - now.timestamp()
    return None if isnan(seconds) else min(max(0.0, seconds), LONGEST_ASKED)


def _seconds(text: str) -> float:
    return float(re.sub(r"(?<=\d)\s*s(ec(onds?)?)?\s*$", "", text))
