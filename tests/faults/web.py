"""Faults of HTTP: answers that fail, come late, or not at all."""

import socket
from collections.abc import Callable, Iterator
from itertools import repeat
from threading import local
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from requests import Response
from requests.adapters import HTTPAdapter

from sources.spotify.http.requests_transport import HttpTransport
from sources.spotify.http.retry_policy import REFUND, RetryBudget
from sources.spotify.http.transport import Answer, Request
from sources.spotify_sandbox import Fault as Weathered
from sources.spotify_sandbox import World
from tests.faults.fault import DESCRIBED, ENDPOINTS, HISTORY, HTTP_PHASES, Fault
from tests.faults.injection import PLACES, Injection

TOKEN = "/api/token"


def once(kind: str, *, path: str = "", **options: Any) -> Callable[[str], list[Weathered]]:
    """The first answer in the phase has that fault of the sandbox."""
    return lambda phase: [Weathered(kind, path=path or ENDPOINTS[phase], times=1, **options)]


def always(kind: str, *, path: str = "", **options: Any) -> Callable[[str], list[Weathered]]:
    """All answers in the phase have it."""
    return lambda phase: [Weathered(kind, path=path or ENDPOINTS[phase], **options)]


def answered(status: int, body: bytes, *, at: str = "") -> Callable[[Injection], None]:
    """The first answer in the phase is another one."""
    return lambda injection: injection.answers(lambda _: Answer(status, body), at=at)


def short_timeout(_injection: Injection) -> None:
    """No answer is waited for longer than a second."""
    patch("sources.spotify.http.requests_transport.TIMEOUT", (10.0, 1.0)).start()


def few_repeats(_injection: Injection) -> None:
    """A sync repeats three requests and no more."""
    original = RetryBudget.__init__

    def begin(budget: RetryBudget, *arguments: Any, **more: Any) -> None:
        original(budget, *arguments, **more)
        budget.successes = 3 * REFUND

    patch.object(RetryBudget, "__init__", begin).start()


def refuse_connection(injection: Injection) -> None:
    """Nobody listens where the first request in the phase goes to."""
    original, left = HTTPAdapter.send, [1]

    def send(adapter: HTTPAdapter, request: Any, **more: Any) -> Any:
        if left and PLACES[injection.scene.phase] in request.url:
            left.clear()
            injection.scene.met()
            with socket.socket() as taken:
                taken.bind(("127.0.0.1", 0))
                port = taken.getsockname()[1]
                request.url = urlsplit(request.url)._replace(netloc=f"127.0.0.1:{port}").geturl()
                return original(adapter, request, **more)
        return original(adapter, request, **more)

    patch.object(HTTPAdapter, "send", send).start()


def body_of(
    parts: Callable[[Iterator[bytes], Callable[[float], None]], Iterator[bytes]],
) -> Callable[[Injection], None]:
    """The body of the first answer in the phase comes otherwise.

    Args:
        parts: the parts in which it comes, made of those in which it would, and of what lets time pass.
    """

    def begin(injection: Injection) -> None:
        original, sends = Response.iter_content, HttpTransport.send
        place, left, thread = PLACES[injection.scene.phase], [1], local()

        def send(transport: HttpTransport, request: Request) -> Answer:
            thread.sleep = transport.cancellation.wait
            return sends(transport, request)

        def iter_content(response: Response, chunk_size: int | None = 1) -> Iterator[bytes]:
            content = original(response, chunk_size)
            if not (left and place in response.url):
                return content
            left.clear()
            injection.scene.met()
            return parts(content, thread.sleep)

        patch.object(HttpTransport, "send", send).start()
        patch.object(Response, "iter_content", iter_content).start()

    return begin


def trickling(content: Iterator[bytes], sleep: Callable[[float], None]) -> Iterator[bytes]:
    """A byte every second."""
    for part in content:
        for number in range(len(part)):
            sleep(1.0)
            yield part[number : number + 1]


def endless(_content: Iterator[bytes], _sleep: Callable[[float], None]) -> Iterator[bytes]:
    """Spaces without end."""
    return repeat(b" " * 1_000_000)


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
    Fault("HTTP", "body that trickles", HTTP_PHASES, inside=body_of(trickling)),
    Fault(
        "HTTP",
        "body without an end",
        HTTP_PHASES,
        ends={"listing": 1, "reading": 4},
        says="more than 32,000,000 bytes",
        inside=body_of(endless),
    ),
    Fault("HTTP", "200 with an empty body", HTTP_PHASES, inside=answered(200, b"")),
    Fault("HTTP", "200 with half of the JSON", HTTP_PHASES, weather=once("truncated_json")),
    Fault("HTTP", "200 with HTML", HTTP_PHASES, weather=once("not_json")),
    Fault(
        "HTTP",
        "never JSON",
        HTTP_PHASES,
        ends={"listing": 1, "reading": 4},
        says="something that is not JSON",
        weather=always("not_json"),
    ),
    Fault(
        "HTTP",
        "more failures than a sync repeats",
        ("reading",),
        ends=75,
        says="had to be repeated",
        weather=always("server_error", status=503),
        inside=few_repeats,
    ),
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
        "403 from the second page on",
        ("reading",),
        ends=4,
        says="only be read in part",
        weather=lambda _: [
            Weathered("forbidden", path=f"/v1/playlists/*/{name}", text="Forbidden") for name in ("tracks", "items")
        ],
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
        next_options={"reading": ("--full",)},
        leaves={"listing": ("playlist_listings",), "reading": (*HISTORY, *DESCRIBED)},
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
