"""Limits for whole answers: their time and their size."""

import gzip
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count

import pytest
import requests
from urllib3 import HTTPResponse

from sources.errors import ApiError
from sources.spotify.http import body_limits
from sources.spotify.http.body_limits import MOST, TooLargeError, TooSlowError, body, timed, within
from sources.spotify.http.cancellation import Cancellation
from sources.spotify.http.retry_policy import ATTEMPTS
from sources.spotify.http.stack import http_stack
from sources.spotify.resources.covers import Covers, Wanted
from tests.sources.spotify.stand_in import API, Clock, Reply, get, in_turn, session_of, transport

URL = f"{API}/me"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BOMB = gzip.compress(bytes(MOST + 1))


@contextmanager
def trickling(begin: bytes, drop: bytes, times: int) -> Iterator[str]:
    """A server that begins to answer and then sends a drop now and then, until nobody listens."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for _ in range(times):
                connection, _address = listener.accept()
                with connection, suppress(OSError):
                    connection.recv(65536)
                    connection.sendall(begin)
                    while not over.wait(0.01):
                        connection.sendall(drop)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1/me"
        finally:
            over.set()
            thread.join()


TRICKLES = [
    pytest.param(HEAD + b"Content-Length: 1000000\r\n\r\n{", b" ", id="in the body"),
    pytest.param(HEAD + b"\r\n{", b" ", id="in a body of no length"),
    pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", id="in chunks"),
    pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;x=", b"x", id="in the length of a chunk"),
    pytest.param(HEAD + b"X-Slow: ", b"x", id="in a header"),
    pytest.param(b"HTTP/1.1 200 ", b"O", id="in the status"),
    pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", id="without a beginning"),
]


@pytest.mark.parametrize(("begin", "drop"), TRICKLES)
def test_a_trickle_is_a_timeout(begin: bytes, drop: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that come one by one are cut off at the time limit, which is retried and counted like other timeouts."""
    monkeypatch.setattr("sources.spotify.http.requests_transport.LONGEST", 0.2)
    waits: list[float] = []
    sender = http_stack(300.0, sleep=waits.append, jitter=lambda: 1.0)
    with trickling(begin, drop, ATTEMPTS) as url, pytest.raises(ApiError) as caught:
        sender.send(get(url))
    assert f"{url} could not be reached (timeout: " in str(caught.value)
    assert (sender.counter.total, len(waits)) == (ATTEMPTS, ATTEMPTS - 1)


def test_the_clock_is_the_one_that_is_given() -> None:
    """The time is counted by the clock that is given, and only for one answer."""
    ticks = count(0, 7.0)
    server = in_turn(Reply(body=b"x" * body_limits.CHUNK * 30))
    sender = http_stack(300.0, tick=lambda: next(ticks), sleep=lambda _: None, session=session_of(server))
    with pytest.raises(ApiError, match=r"timeout: only .* bytes were there in time"):
        sender.send(get(URL))
    clock = Clock()
    patient = transport(in_turn(Reply(body=b"x" * body_limits.CHUNK * 30)), clock)
    assert len(patient.send(get(URL)).body) == body_limits.CHUNK * 30


@pytest.mark.parametrize(
    ("sent", "headers"),
    [
        pytest.param(bytes(MOST + 1), {}, id="bare"),
        pytest.param(BOMB, {"Content-Encoding": "gzip"}, id="gzip"),
        pytest.param(zlib.compress(bytes(MOST + 1)), {"Content-Encoding": "deflate"}, id="deflate"),
        pytest.param(gzip.compress(BOMB), {"Content-Encoding": "gzip, gzip"}, id="gzip in gzip"),
    ],
)
@pytest.mark.parametrize("status", [200, 404, 429, 503])
def test_an_answer_that_is_too_large_is_not_read(sent: bytes, headers: dict[str, str], status: int) -> None:
    """Unpacked bytes are counted, reading ends there, and nothing is asked again."""
    server = in_turn(Reply(status, sent, headers))
    with pytest.raises(ApiError, match=f"{URL} answered more than 32,000,000 bytes.*check api_url") as caught:
        transport(server).send(get(URL))
    assert (len(server.requests), caught.value.status) == (1, status)


@pytest.mark.parametrize("packed", [False, True])
def test_the_largest_answer_is_read(packed: bool) -> None:
    """An answer as large as the limit is read."""
    whole = bytes(MOST)
    reply = Reply(body=gzip.compress(whole), headers={"Content-Encoding": "gzip"}) if packed else Reply(body=whole)
    assert transport(in_turn(reply)).send(get(URL)).body == whole


def test_of_a_bomb_little_is_in_memory() -> None:
    """A gigabyte that came as a megabyte is given up after the limit, whatever is behind it."""
    pieces = iter([gzip.compress(bytes(10_000_000))] * 100)
    unpacked = []

    class Source:
        closed = False

        def read(self, _amount: int = -1) -> bytes:
            unpacked.append(1)
            return next(pieces, b"")

        def close(self) -> None:
            self.closed = True

    raw = HTTPResponse(Source(), {"Content-Encoding": "gzip"}, 200, preload_content=False)  # type: ignore[arg-type]
    response = requests.Response()
    response.raw, response.status_code = raw, 200
    with pytest.raises(TooLargeError):
        body(response)
    assert len(unpacked) < 10


def test_a_deadline_ends_with_its_block() -> None:
    """What is asked afterwards has all its time; what fails in time fails as itself."""
    time = iter([0.0, 5.0, 0.0, 50.0])
    tick: Callable[[], float] = lambda: next(time)  # noqa: E731
    with pytest.raises(requests.ConnectionError), within(10.0, tick):
        raise requests.ConnectionError
    with pytest.raises(TooSlowError, match="10 s"), within(10.0, tick):
        raise requests.ConnectionError
    session = timed(requests.Session())
    with trickling(HEAD + b"Content-Length: 3\r\n\r\n", b" ", 1) as url, session:
        assert session.get(url).content == b"   "


@pytest.mark.parametrize(("begin", "drop"), TRICKLES[:2])
def test_covers_have_the_same_limits(begin: bytes, drop: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow image host is cut off, too."""
    monkeypatch.setattr("sources.spotify.resources.covers.LONGEST", 0.2)
    with trickling(begin, drop, 1) as url:
        fetched = Covers(1, Cancellation(), allows_loopback=True)._fetch(Wanted("P", url, url))
    assert fetched.pictures is None
    assert "takes longer than" in str(fetched.problem)
