"""Lowest transport layer: sends one HTTP request over a session's connections."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import requests
from dlt.sources.helpers.requests.session import Session
from urllib3.exceptions import LocationValueError

from sources.errors import ApiError
from sources.spotify.http.body_limits import LONGEST, TooLargeError, body, timed, within
from sources.spotify.http.cancellation import Cancellation
from sources.spotify.http.counter import RequestCounter
from sources.spotify.http.get_sender import GetSender
from sources.spotify.http.network_errors import advice, asks_for_password, is_unsent, network_misconfiguration, reason
from sources.spotify.http.server_clock import ServerTime
from sources.spotify.http.transport import Answer, NoAnswerError, Request, utc_now

TIMEOUT = (10.0, 60.0)
"""Seconds to connect, and to wait for the next bytes."""


def new_session() -> requests.Session:
    """A session with timeouts, which leaves statuses to the caller."""
    return timed(Session(timeout=TIMEOUT, raise_for_status=False))


@dataclass(slots=True)
class HttpTransport:
    """Sends each request once, unless the run is aborted. Any thread may send.

    Redirects are not followed: a token goes only where it was meant to go.

    Attributes:
        cancellation: asked before each request.
        counter: counts requests.
        server_time: collects the times in answers.
        session: connections to the servers.
        now: the clock.
        tick: a clock in seconds that never goes back.
    """

    cancellation: Cancellation
    counter: RequestCounter
    server_time: ServerTime
    session: requests.Session = field(default_factory=new_session)
    now: Callable[[], datetime] = utc_now
    tick: Callable[[], float] = time.monotonic
    _gets: GetSender = field(init=False)

    def __post_init__(self) -> None:
        self._gets = GetSender(self.session)

    def send(self, request: Request) -> Answer:
        """The answer, whatever its status.

        Raises:
            NoAnswerError: there was no answer, or it broke off, or took too long.
            ApiError: the answer is too large.
            ConfigurationError: a proxy or a file of certificates is configured wrongly.
            PlaylakeError: the run is aborted.
        """
        self.cancellation.check()
        self.counter.add()
        try:
            with within(LONGEST, self.tick):
                response = self._sent(request)
                content = body(response)
        except TooLargeError as error:
            msg = f"{request.url} answered {error}, which no answer of the Web API has: check api_url and proxies."
            raise ApiError(msg, response.status_code) from None
        except (OSError, LocationValueError) as error:
            # Those of `requests` are such, too; an address may be none only when it is looked up.
            if (wrong := network_misconfiguration(error, request.url)) is not None:
                raise wrong from None
            known = error if isinstance(error, requests.RequestException) else requests.ConnectionError(error)
            raise NoAnswerError(reason(known), advice(known, request.url), is_unsent=is_unsent(known)) from None
        self.server_time.note(response.headers)
        if response.status_code == 407:
            raise asks_for_password(request.url)
        return Answer(response.status_code, content, response.headers, self.now())

    def _sent(self, request: Request) -> requests.Response:
        if request.method == "GET" and request.auth is not None and request.content is None and request.data is None:
            return self._gets.send(request.url, request.params, request.auth, TIMEOUT)
        return self.session.request(
            request.method,
            request.url,
            params=dict(request.params),
            data=request.data if request.content is None else request.content,
            headers=None if request.content is None else {"Content-Type": request.content_type},
            auth=request.auth,
            allow_redirects=False,
            stream=True,
        )
