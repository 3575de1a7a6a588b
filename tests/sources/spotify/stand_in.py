"""A stand-in for the network: it answers the requests of a session, in this process."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse

from sources.spotify.api.client import Client
from sources.spotify.auth.configured_refresh_token import ConfiguredRefreshToken
from sources.spotify.auth.tokens import Tokens
from sources.spotify.config import SpotifyCredentials
from sources.spotify.http.requests_transport import new_session
from sources.spotify.http.stack import HttpStack, http_stack
from sources.spotify.http.transport import Request

API = "https://api.example/v1"
ACCOUNTS = "https://accounts.example"
APP = ("app", "SECRET")
TOKEN = b'{"access_token":"ACCESS","token_type":"Bearer","expires_in":3600}'


@dataclass(frozen=True)
class Reply:
    """What a server answers."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)


def reply(value: object, status: int = 200, **headers: str) -> Reply:
    """An answer in JSON; `_` in the names of headers stands for a dash."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(status, json.dumps(value).encode(), named)


def refusal(status: int, message: str, **headers: str) -> Reply:
    """An error in the Web API's form."""
    return reply({"error": {"status": status, "message": message}}, status, **headers)


Handler = Callable[[requests.PreparedRequest], Reply | Exception]


class StandIn(BaseAdapter):
    """Answers with what a handler returns, and remembers what it was asked."""

    def __init__(self, handler: Handler) -> None:
        super().__init__()
        self.handler = handler
        self.requests: list[requests.PreparedRequest] = []

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """The handler's reply as a response; an exception is raised."""
        self.requests.append(request)
        answer = self.handler(request)
        if isinstance(answer, Exception):
            raise answer
        raw = HTTPResponse(BytesIO(answer.body), answer.headers, answer.status, preload_content=False)
        response: requests.Response = HTTPAdapter().build_response(request, raw)
        return response

    def close(self) -> None:
        """Nothing to close."""


def in_turn(*replies: Reply | Exception) -> StandIn:
    """Answers one after the other; the last forever."""
    left = list(replies)
    return StandIn(lambda _: left.pop(0) if len(left) > 1 else left[0])


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.slept: list[float] = []

    def now(self) -> datetime:
        """The time."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Lets time pass."""
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)


def transport(server: StandIn, clock: Clock | None = None, max_retry_wait: float = 300.0) -> HttpStack:
    """A transport that reaches only the stand-in."""
    clock = clock or Clock()
    return http_stack(
        max_retry_wait,
        now=clock.now,
        tick=lambda: clock.now().timestamp(),
        sleep=clock.sleep,
        jitter=lambda: 1.0,
        session=session_of(server),
    )


def session_of(server: StandIn) -> requests.Session:
    """A session that reaches only the stand-in."""
    session = new_session()
    session.mount("https://", server)
    session.mount("http://", server)
    return session


def get(url: str, **more: Any) -> Request:
    """A request that may be repeated."""
    return Request(url=url, idempotent=True, **more)


def post(url: str, **more: Any) -> Request:
    """A request that must not be done twice."""
    return Request(method="POST", url=url, idempotent=False, **more)


def credentials(
    client_id: str | None = APP[0], client_secret: str | None = APP[1], refresh_token: str | None = None
) -> SpotifyCredentials:
    """Credentials, by default of an app without a user."""
    made = SpotifyCredentials()
    made.client_id, made.client_secret, made.refresh_token = client_id, client_secret, refresh_token
    return made


def client(server: StandIn, market: str | None = None, clock: Clock | None = None) -> Client:
    """A client of a stand-in for the Web API; tokens are always given."""
    api = server.handler
    server.handler = lambda request: Reply(body=TOKEN) if path(request) == "/api/token" else api(request)
    clock = clock or Clock()
    travels = transport(server, clock)
    configured = ConfiguredRefreshToken(Path("/nonexistent"), "REFRESH", is_single_use=False)
    return Client(API, Tokens(credentials(), ACCOUNTS, travels, clock.now, configured), travels, market)


def path(request: requests.PreparedRequest) -> str:
    """The path that was asked for."""
    return urlsplit(str(request.url)).path


def query(request: requests.PreparedRequest) -> dict[str, str]:
    """The parameters of a request."""
    return {name: values[0] for name, values in parse_qs(urlsplit(str(request.url)).query).items()}


def asked(server: StandIn) -> list[str]:
    """The paths asked for, without those for tokens."""
    return [path(request) for request in server.requests if path(request) != "/api/token"]
