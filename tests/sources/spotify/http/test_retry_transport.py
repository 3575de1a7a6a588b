"""What is repeated, when, and what is not."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
import requests
from urllib3.exceptions import NewConnectionError

from sources.errors import ApiError, PlaylakeError, TryLaterError
from sources.spotify.auth.bearer_auth import BearerAuth
from sources.spotify.http.retry_after_header import LONGEST_ASKED
from sources.spotify.http.retry_policy import ATTEMPTS, REFUSALS, RETRIES
from sources.spotify.http.stack import http_stack
from sources.spotify.http.transport import Answer
from tests.sources.spotify.stand_in import Clock, Reply, StandIn, get, in_turn, post, refusal, session_of, transport

URL = "https://api.example/v1/me"
OK = Reply(body=b"fine")
QUOTA = b'{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}'


def test_short_retry_after_is_waited_out() -> None:
    """A 429 with a short wait is repeated after it, not before."""
    server, clock = in_turn(refusal(429, "API rate limit exceeded", Retry_After="7"), OK), Clock()
    assert transport(server, clock).send(get(URL)) == Answer(200, b"fine")
    assert clock.slept == [7.0]


@pytest.mark.parametrize(
    "header",
    [
        "0",
        "-5",
        "nan",
        "",
        "soon",
        "s",
        ",",
        "2026-11-22",
        "Sat, 21 Nov 2026 12:00:00 GMT",
        "Sun, 06 Nov 99999999999999999999 08:49:37 GMT",
    ],
)
def test_useless_retry_after_does_not_hammer(header: str) -> None:
    """A wait that is missing, past or nonsense is replaced by growing ones, and the attempts are bounded."""
    server, clock = in_turn(refusal(429, "Too many requests", Retry_After=header)), Clock()
    with pytest.raises(TryLaterError):
        transport(server, clock).send(get(URL))
    assert clock.slept == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0]
    assert len(server.requests) == REFUSALS


def test_no_retry_after_names_no_time() -> None:
    """If the server names no time, the error has none."""
    with pytest.raises(TryLaterError, match="does not say when") as caught:
        transport(in_turn(refusal(429, "Too many requests"))).send(get(URL))
    assert caught.value.resume_at is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("48925", 48925.0),
        ("301.5", 301.5),
        (" 400 ", 400.0),
        ("400s", 400.0),
        ("400 seconds", 400.0),
        ("4, 400", 400.0),
        ("400, 400", 400.0),
        ("Sun, 22 Nov 2026 14:00:00 GMT", 7200.0),
        ("Sunday, 22-Nov-26 14:00:00 GMT", 7200.0),
        ("Sun Nov 22 14:00:00 2026", 7200.0),
        ("2026-11-22T14:00:00Z", 7200.0),
        ("Sun, 22 Nov 2026 14:00:00 -0000", 7200.0),
        ("inf", LONGEST_ASKED),
        ("1e300", LONGEST_ASKED),
        ("9" * 400, LONGEST_ASKED),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_ASKED),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_long_retry_after_stops_the_run(status: int, header: str, seconds: float) -> None:
    """A wait beyond the cap is not slept through: the error says when to go on."""
    server, clock = in_turn(refusal(status, "wait", Retry_After=header)), Clock()
    with pytest.raises(TryLaterError, match=URL) as caught:
        transport(server, clock).send(get(URL))
    assert caught.value.resume_at == clock.now() + timedelta(seconds=seconds)
    assert (len(server.requests), clock.slept) == (1, [])


def test_the_cap_is_the_setting() -> None:
    """A wait as long as `max_retry_wait` is slept, a longer one is not."""
    server, clock = in_turn(refusal(429, "wait", Retry_After="10"), refusal(429, "wait", Retry_After="11")), Clock()
    with pytest.raises(TryLaterError):
        transport(server, clock, max_retry_wait=10).send(get(URL))
    assert clock.slept == [10.0]


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "1"}, {"Retry-After": "52531"}])
def test_quota_is_never_repeated(headers: dict[str, str]) -> None:
    """A used-up quota ends the run at the first answer, however short the wait that comes with it."""
    server, clock = in_turn(Reply(429, QUOTA, headers)), Clock()
    with pytest.raises(TryLaterError, match="quota is used up") as caught:
        transport(server, clock).send(get(URL))
    assert (len(server.requests), clock.slept) == (1, [])
    asked = headers.get("Retry-After")
    assert caught.value.resume_at == (clock.now() + timedelta(seconds=int(asked)) if asked else None)


@pytest.mark.parametrize(
    "failure",
    [
        Reply(500),
        Reply(502, b"<html>"),
        Reply(503),
        Reply(504),
        requests.ConnectTimeout("x"),
        requests.ReadTimeout("x"),
        requests.ConnectionError("x"),
        requests.exceptions.ChunkedEncodingError("x"),
        requests.exceptions.SSLError("x"),
    ],
)
def test_passing_failures_are_repeated(failure: Reply | Exception) -> None:
    """What fails for a moment is asked again, with growing waits."""
    server, clock = in_turn(failure, failure, OK), Clock()
    sender = transport(server, clock)
    assert sender.send(get(URL)).body == b"fine"
    assert clock.slept == [0.5, 1.0]
    assert sender.counter.total == 3


def test_lasting_server_error_names_address_and_status() -> None:
    """After the last attempt the error says what was asked and what came."""
    server = in_turn(Reply(502, b'{"error":{"status":502,"message":"Bad gateway."}}'))
    with pytest.raises(ApiError, match=rf"{URL} answered HTTP 502, {ATTEMPTS} times") as caught:
        transport(server).send(get(URL))
    assert caught.value.status == 502
    assert len(server.requests) == ATTEMPTS


def test_no_answer_is_described_in_words() -> None:
    """The message holds no objects and no secrets of the HTTP library."""
    server = in_turn(requests.ConnectionError("<HTTPSConnection object at 0x7f> Bearer ACCESS"))
    with pytest.raises(ApiError) as caught:
        transport(server).send(get(URL, auth=BearerAuth("ACCESS")))
    assert str(caught.value) == (
        f"{URL} could not be reached (connection failed), {ATTEMPTS} times: "
        "check the network and api_url, or try again later."
    )


@pytest.mark.parametrize("status", [200, 201, 400, 401, 403, 404])
def test_other_statuses_are_the_callers_business(status: int) -> None:
    """Only 429 and 5xx are retried here; other statuses are returned."""
    server = in_turn(Reply(status, b"said"))
    assert transport(server).send(get(URL)) == Answer(status, b"said")


@contextmanager
def _cutting_server() -> Iterator[tuple[str, list[bytes]]]:
    """A server that reads each request and hangs up without an answer; and what it has read."""
    arrived: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _address = listener.accept()
                    with connection:
                        arrived.append(connection.recv(65536))

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1/playlists", arrived
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def test_a_post_that_was_cut_off_arrives_once() -> None:
    """Whether a server has done what it did not answer is unknown, so what must not be done twice is not repeated."""
    with _cutting_server() as (url, arrived):
        sender = http_stack(300.0, sleep=lambda _: None)
        with pytest.raises(ApiError, match=r"could not be reached \([^,]*\): check"):
            sender.send(post(url, data={"name": "once"}))
        assert [request.split()[0] for request in arrived] == [b"POST"]
        with pytest.raises(ApiError, match=f"{ATTEMPTS} times"):
            sender.send(get(url))
        assert [request.split()[0] for request in arrived[1:]] == [b"GET"] * ATTEMPTS


@pytest.mark.parametrize(
    "failure",
    [
        requests.ConnectTimeout("x"),
        requests.ConnectionError(NewConnectionError(None, "x")),  # type: ignore[arg-type]
        requests.ConnectionError(ConnectionRefusedError(111, "x")),
        requests.exceptions.ProxyError(OSError("Tunnel connection failed: 503 x")),
        refusal(429, "slow"),
        refusal(429, "slow", Retry_After="1"),
        refusal(503, "busy", Retry_After="1"),
    ],
)
def test_what_was_not_served_is_repeated(failure: Reply | Exception) -> None:
    """Where no connection was made, or the server says that it did nothing, also a POST is sent again."""
    server = in_turn(failure, failure, OK)
    assert transport(server).send(post(URL)).body == b"fine"
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    "failure",
    [
        Reply(500),
        Reply(502),
        Reply(503),
        Reply(504, headers={"Retry-After": "1"}),
        requests.ReadTimeout("x"),
        requests.ConnectionError("x"),
        requests.exceptions.ChunkedEncodingError("x"),
        requests.exceptions.SSLError("x"),
    ],
)
def test_what_may_have_been_served_is_not_repeated(failure: Reply | Exception) -> None:
    """Where a POST may have been done it is sent once, and the error does not speak of attempts."""
    server = in_turn(failure, OK)
    with pytest.raises(ApiError, match=r"(reached \(.*\)|answered HTTP 50\d): check the network"):
        transport(server).send(post(URL))
    assert len(server.requests) == 1


def test_an_outage_uses_up_the_budget() -> None:
    """A run has so many retries; with the next it is aborted, whatever it asks for."""
    server = in_turn(Reply(502))
    sender = transport(server)
    for _ in range(RETRIES // (ATTEMPTS - 1)):
        with pytest.raises(ApiError):
            sender.send(get(URL))
    before = len(server.requests)
    for _ in range(2):
        with pytest.raises(TryLaterError, match="Too many requests failed"):
            sender.send(get(URL))
    assert len(server.requests) == before + 1


def test_a_refusal_is_reported_once() -> None:
    """Requests that are refused after the run was aborted raise the error that aborted it."""
    server = in_turn(Reply(429, QUOTA))
    sender, first = transport(server), TryLaterError("first")

    def refuse(_: requests.PreparedRequest) -> Reply:
        sender.cancellation.abort(first)
        return Reply(429, QUOTA)

    server.handler = refuse
    with pytest.raises(TryLaterError) as caught:
        sender.send(get(URL))
    assert caught.value is first


def test_an_abort_ends_waits() -> None:
    """Who waits to repeat a request is woken by an abort, and sends nothing more."""
    asked, errors = threading.Event(), list[PlaylakeError]()

    def refuse(_: requests.PreparedRequest) -> Reply:
        asked.set()
        return refusal(503, "busy", Retry_After="200")

    server = StandIn(refuse)
    sender, error = http_stack(300.0, session=session_of(server)), TryLaterError("enough")

    def ask() -> None:
        try:
            sender.send(get(URL))
        except PlaylakeError as raised:
            errors.append(raised)

    asking = threading.Thread(target=ask)
    asking.start()
    assert asked.wait(timeout=30)
    sender.cancellation.abort(error)
    asking.join(timeout=30)
    assert (errors, len(server.requests)) == ([error], 1)
