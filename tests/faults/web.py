"""Faults of HTTP: answers that fail, come late, or not at all."""

import socket
from collections.abc import Callable
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from requests import Session

from sources.spotify.transport import Answer
from sources.spotify_sandbox import Fault as Weathered
from sources.spotify_sandbox import World
from tests.faults.fault import ENDPOINTS, HISTORY, HTTP_PHASES, Fault
from tests.faults.strike import PLACES, Strike

TOKEN = "/api/token"


def once(kind: str, *, path: str = "", **options: Any) -> Callable[[str], list[Weathered]]:
    """The first answer in the phase is of that kind of weather."""
    return lambda phase: [Weathered(kind, path=path or ENDPOINTS[phase], times=1, **options)]


def always(kind: str, *, path: str = "", **options: Any) -> Callable[[str], list[Weathered]]:
    """All answers in the phase are."""
    return lambda phase: [Weathered(kind, path=path or ENDPOINTS[phase], **options)]


def answered(status: int, body: bytes, *, at: str = "") -> Callable[[Strike], None]:
    """The first answer in the phase is another one."""
    return lambda strike: strike.answers(lambda _: Answer(status, body), at=at)


def short_timeout(_strike: Strike) -> None:
    """No answer is waited for longer than a second."""
    patch("sources.spotify.transport.TIMEOUT", (10.0, 1.0)).start()


def refuse_connection(strike: Strike) -> None:
    """Nobody listens where the first request in the phase goes to."""
    original, left = Session.send, [1]

    def send(session: Session, request: Any, **more: Any) -> Any:
        if left and PLACES[strike.scene.phase] in request.url:
            left.clear()
            strike.scene.met()
            with socket.socket() as taken:
                taken.bind(("127.0.0.1", 0))
                port = taken.getsockname()[1]
                request.url = urlsplit(request.url)._replace(netloc=f"127.0.0.1:{port}").geturl()
                return original(session, request, **more)
        return original(session, request, **more)

    patch.object(Session, "send", send).start()


def remove_the_first(world: World) -> None:
    """What happens between two pages."""
    max(world.listed(), key=len).remove([0])


FAULTS = (
    Fault("HTTP", "429 with Retry-After", HTTP_PHASES, weather=once("too_many_requests", retry_after=20)),
    Fault("HTTP", "429 without Retry-After", HTTP_PHASES, weather=once("too_many_requests", retry_after=None)),
    Fault(
        "HTTP",
        "429 for longer than max_retry_wait",
        HTTP_PHASES,
        ends=75,
        says="go on at",
        weather=once("too_many_requests", retry_after=900),
        later=1000,
    ),
    Fault("HTTP", "quota used up", HTTP_PHASES, ends=75, says="quota", weather=once("quota_exceeded"), later=50_000),
    Fault("HTTP", "500 once", HTTP_PHASES, weather=once("server_error", status=500)),
    Fault("HTTP", "502 in HTML once", HTTP_PHASES, weather=once("server_error", status=502, body="html")),
    Fault("HTTP", "503 in text once", HTTP_PHASES, weather=once("server_error", status=503, body="text")),
    Fault(
        "HTTP",
        "503 all the time",
        HTTP_PHASES,
        ends={"listing": 1, "reading": 4},
        says="HTTP 503",
        weather=always("server_error", status=503),
    ),
    Fault("HTTP", "no answer in time", HTTP_PHASES, weather=once("latency", seconds=1.3), inside=short_timeout),
    Fault("HTTP", "connection refused", HTTP_PHASES, inside=refuse_connection),
    Fault("HTTP", "connection cut before the headers", HTTP_PHASES, weather=once("cut")),
    Fault("HTTP", "connection cut in the body", HTTP_PHASES, weather=once("cut", where="body")),
    Fault("HTTP", "200 with an empty body", HTTP_PHASES, inside=answered(200, b"")),
    Fault("HTTP", "200 with half of the JSON", HTTP_PHASES, weather=once("truncated_json")),
    Fault("HTTP", "200 with HTML", HTTP_PHASES, weather=once("not_json")),
    Fault("HTTP", "401, the token has expired", HTTP_PHASES, weather=once("token_expired")),
    Fault("HTTP", "401 for a valid token", HTTP_PHASES, weather=once("token_missing")),
    Fault(
        "HTTP",
        "403 for a moment",
        HTTP_PHASES,
        ends={"listing": 1, "reading": 4},
        says="not for this app",
        weather=once("forbidden", text="Forbidden"),
    ),
    Fault(
        "HTTP",
        "404 for a moment",
        HTTP_PHASES,
        ends={"listing": 1, "reading": 4},
        inside=answered(404, b'{"error":{"status":404,"message":"Resource not found"}}'),
    ),
    Fault(
        "HTTP",
        "redirect to another host",
        HTTP_PHASES,
        ends={"listing": 1, "reading": 4},
        says="redirects elsewhere",
        weather=once("redirect"),
    ),
    Fault("HTTP", "short page, the rest on the next", ("reading",), weather=once("short_page")),
    Fault("HTTP", "short page, the rest is lost", ("reading",), weather=once("short_page", lost=True)),
    Fault(
        "HTTP",
        "list that ends early",
        HTTP_PHASES,
        weather=once("shrunken_list"),
        unseen=True,
        mends={"reading": ("--full",)},
        leaves={"reading": HISTORY},
        why="an answer that agrees with itself is believed, until the next audit",
    ),
    Fault(
        "HTTP",
        "snapshot moves between two pages",
        ("reading",),
        weather=once("world_change", path="/v1/playlists/*/tracks", edit="remove"),
        world=remove_the_first,
    ),
    Fault("HTTP", "token endpoint: 503 once", ("listing",), weather=once("server_error", path=TOKEN, status=503)),
    Fault(
        "HTTP",
        "token endpoint: 503 all the time",
        ("listing",),
        ends=1,
        says="HTTP 503",
        weather=always("server_error", path=TOKEN, status=503),
    ),
    Fault(
        "HTTP",
        "token endpoint: invalid_grant once",
        ("listing",),
        ends=3,
        says="sign in again",
        inside=answered(400, b'{"error":"invalid_grant","error_description":"Invalid refresh token"}', at=TOKEN),
    ),
)
