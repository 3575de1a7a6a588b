"""How requests travel."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from sources.errors import ApiError, TryLaterError
from sources.spotify.auth.tokens import BearerAuth
from sources.spotify.http.transport import ATTEMPTS, LONGEST_ASKED, REFUSALS, Answer
from tests.sources.spotify.stand_in import Clock, Reply, in_turn, refusal, transport

URL = "https://api.example/v1/me"
OK = Reply(body=b"fine")
QUOTA = b'{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}'


def test_short_retry_after_is_waited_out() -> None:
    """A 429 with a short wait is repeated after it, not before."""
    server, clock = in_turn(refusal(429, "API rate limit exceeded", Retry_After="7"), OK), Clock()
    assert transport(server, clock).send("GET", URL) == Answer(200, b"fine")
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
        transport(server, clock).send("GET", URL)
    assert clock.slept == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0]
    assert len(server.requests) == REFUSALS


def test_no_retry_after_names_no_time() -> None:
    """Where nobody said when to go on, no time is made up."""
    with pytest.raises(TryLaterError, match="does not say when") as caught:
        transport(in_turn(refusal(429, "Too many requests"))).send("GET", URL)
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
        transport(server, clock).send("GET", URL)
    assert caught.value.resume_at == clock.now() + timedelta(seconds=seconds)
    assert (len(server.requests), clock.slept) == (1, [])


def test_the_cap_is_the_setting() -> None:
    """A wait as long as `max_retry_wait` is slept, a longer one is not."""
    server, clock = in_turn(refusal(429, "wait", Retry_After="10"), refusal(429, "wait", Retry_After="11")), Clock()
    with pytest.raises(TryLaterError):
        transport(server, clock, max_retry_wait=10).send("GET", URL)
    assert clock.slept == [10.0]


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "1"}, {"Retry-After": "52531"}])
def test_quota_is_never_repeated(headers: dict[str, str]) -> None:
    """A used-up quota ends the run at the first answer, however short the wait that comes with it."""
    server, clock = in_turn(Reply(429, QUOTA, headers)), Clock()
    with pytest.raises(TryLaterError, match="quota is used up") as caught:
        transport(server, clock).send("GET", URL)
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
    assert sender.send("GET", URL).body == b"fine"
    assert clock.slept == [0.5, 1.0]
    assert sender.sent == 3


def test_lasting_server_error_names_address_and_status() -> None:
    """After the last attempt the error says what was asked and what came."""
    server = in_turn(Reply(502, b'{"error":{"status":502,"message":"Bad gateway."}}'))
    with pytest.raises(ApiError, match=rf"{URL} answered HTTP 502, {ATTEMPTS} times") as caught:
        transport(server).send("GET", URL)
    assert caught.value.status == 502
    assert len(server.requests) == ATTEMPTS


def test_no_answer_is_described_in_words() -> None:
    """The message holds no objects and no secrets of the HTTP library."""
    server = in_turn(requests.ConnectionError("<HTTPSConnection object at 0x7f> Bearer ACCESS"))
    with pytest.raises(ApiError) as caught:
        transport(server).send("GET", URL, auth=BearerAuth("ACCESS"))
    assert str(caught.value) == (
        f"{URL} could not be reached (connection failed), {ATTEMPTS} times: "
        "check the network and api_url, or try again later."
    )


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(status: int) -> None:
    """A token never goes to another address than the one it was meant for."""
    server = in_turn(Reply(status, b"", {"Location": "https://evil.example/"}))
    assert transport(server).send("GET", URL, auth=BearerAuth("ACCESS")).status == status
    assert [request.url for request in server.requests] == [URL]


@pytest.mark.parametrize("status", [200, 201, 400, 401, 403, 404])
def test_other_statuses_are_the_callers_business(status: int) -> None:
    """Only 429 and 5xx are handled here."""
    server = in_turn(Reply(status, b"said"))
    assert transport(server).send("GET", URL) == Answer(status, b"said")


def test_a_netrc_file_does_not_replace_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password for the host in the user's netrc file stays there."""
    (tmp_path / "netrc").write_text("machine api.example login me password PASSWORD\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server = in_turn(OK)
    transport(server).send("GET", URL, auth=BearerAuth("ACCESS"))
    assert server.requests[0].headers["Authorization"] == "Bearer ACCESS"


@contextmanager
def _raw_server(answer: bytes) -> Iterator[str]:
    """A server that sends these bytes to every connection and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for _ in range(ATTEMPTS):
                connection, _address = listener.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1/me"
        thread.join()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\nConnection: close\r\n\r\nzzzz",
    ],
)
def test_broken_answers_are_never_taken_for_whole(answer: bytes) -> None:
    """A real connection that breaks off gives an error, not half an answer."""
    clock = Clock()
    sender = transport(in_turn(OK), clock)
    with requests.Session() as session, _raw_server(answer) as url:
        sender.session = session
        with pytest.raises(ApiError, match="could not be reached"):
            sender.send("GET", url, timeout=5)


def test_refused_connection() -> None:
    """Nothing listening is an error in words after the usual attempts."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    clock = Clock()
    sender = transport(in_turn(OK), clock)
    with requests.Session() as session:
        sender.session = session
        with pytest.raises(ApiError, match="connection failed: nothing listens there"):
            sender.send("GET", f"http://127.0.0.1:{port}/", timeout=5)
    assert sender.sent == ATTEMPTS
