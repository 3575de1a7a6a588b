"""How a request is sent once."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from sources.errors import ApiError, TryLaterError
from sources.spotify.auth.bearer_auth import BearerAuth
from sources.spotify.http.retry_policy import ATTEMPTS
from sources.spotify.http.stack import http_stack
from tests.sources.spotify.stand_in import Reply, get, in_turn, transport

URL = "https://api.example/v1/me"
OK = Reply(body=b"fine")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(status: int) -> None:
    """A token never goes to another address than the one it was meant for."""
    server = in_turn(Reply(status, b"", {"Location": "https://evil.example/"}))
    assert transport(server).send(get(URL, auth=BearerAuth("ACCESS"))).status == status
    assert [request.url for request in server.requests] == [URL]


def test_a_netrc_file_does_not_replace_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password for the host in the user's netrc file stays there."""
    (tmp_path / "netrc").write_text("machine api.example login me password PASSWORD\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server = in_turn(OK)
    transport(server).send(get(URL, auth=BearerAuth("ACCESS")))
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
    with requests.Session() as session, _raw_server(answer) as url:
        sender = http_stack(300.0, sleep=lambda _: None, session=session)
        with pytest.raises(ApiError, match="could not be reached"):
            sender.send(get(url))


def test_refused_connection() -> None:
    """Nothing listening is an error in words after the usual attempts."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with requests.Session() as session:
        sender = http_stack(300.0, sleep=lambda _: None, session=session)
        with pytest.raises(ApiError, match="connection failed: nothing listens there"):
            sender.send(get(f"http://127.0.0.1:{port}/"))
    assert sender.counter.total == ATTEMPTS


def test_an_aborted_run_sends_nothing() -> None:
    """After an abort every request raises its error, and none is sent or counted."""
    server = in_turn(OK)
    sender, error = transport(server), TryLaterError("quota")
    sender.cancellation.abort(error)
    for _ in range(2):
        with pytest.raises(TryLaterError) as caught:
            sender.send(get(URL))
        assert caught.value is error
    assert (server.requests, sender.counter.total) == ([], 0)
