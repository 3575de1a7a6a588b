"""Why a server was not reached."""

import errno
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ReadTimeoutError

from sources.errors import ApiError, ConfigurationError, PlaylakeError
from sources.spotify.http.network_errors import reason
from sources.spotify.http.retry_policy import ATTEMPTS
from sources.spotify.http.stack import http_stack
from tests.sources.spotify.stand_in import Reply, get, in_turn, transport

URL = "https://api.example/v1/me"
SECRET = "s3cret"


def sent(url: str = URL) -> tuple[PlaylakeError, int]:
    """The error of a request that goes the real way, and how often it was sent."""
    sender = http_stack(300.0, sleep=lambda _: None)
    with pytest.raises(PlaylakeError) as caught:
        sender.send(get(url))
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "object at" not in str(caught.value)
    return caught.value, sender.counter.total


@contextmanager
def proxy(answer: bytes, times: int) -> Iterator[str]:
    """A proxy that answers this to everything."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for _ in range(times):
                connection, _address = listener.accept()
                with connection, suppress(OSError):
                    connection.recv(65536)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def closed_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "socks4"])
def test_socks_without_its_package(variable: str, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said what to install or to unset, at once, and the password of the proxy is not."""
    monkeypatch.setenv(variable, f"{scheme}://me:{SECRET}@proxy.example:1080")
    with patch.dict(sys.modules, {"socks": None, "urllib3.contrib.socks": None}):
        error, times = sent()
    assert isinstance(error, ConfigurationError)
    assert f"{URL} is to be reached by the proxy of {variable} ({scheme}://proxy.example:1080)" in str(error)
    assert "pip install PySocks" in str(error)
    assert "unset that variable" in str(error)
    assert times == 1


@pytest.mark.parametrize(
    "value",
    ["http://", "http:///x", "://x", "proxy.example:port", "http://proxy.example:99999", "http://[::1", "ftp://p:1",
     f"http://me:{SECRET}@ho st:1", "http://ü…:1"],
)  # fmt: skip
def test_an_invalid_address_of_a_proxy(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an error of the settings, and not retried."""
    monkeypatch.setenv("HTTPS_PROXY", value)
    error, times = sent()
    assert isinstance(error, ConfigurationError)
    assert "the proxy of HTTPS_PROXY" in str(error)
    assert "whose address is invalid" in str(error)
    assert times == 1


@pytest.mark.parametrize("url", [URL, "http://api.example/v1/me"])
def test_a_proxy_that_wants_a_password(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said where to write it, whether the proxy refuses a tunnel or a request."""
    with proxy(
        b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 1
    ) as at:
        monkeypatch.setenv("ALL_PROXY", f"http://me:{SECRET}@{at}")
        error, times = sent(url)
    assert isinstance(error, ConfigurationError)
    assert f"the proxy of ALL_PROXY (http://{at}), which asks for a user and a password (HTTP 407)" in str(error)
    assert times == 1


def test_a_proxy_that_refuses_a_tunnel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its status is reported, and whose it is."""
    with proxy(b"HTTP/1.1 403 \x1b[31mNo\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", ATTEMPTS) as at:
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:{SECRET}@{at}")
        error, times = sent()
    assert str(error) == (
        f"{URL} could not be reached (its proxy: it does not let requests through, HTTP 403), {ATTEMPTS} times: "
        f"check the proxy of HTTPS_PROXY (http://{at}), or unset it."
    )
    assert times == ATTEMPTS


def test_a_proxy_where_nothing_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says that the proxy cannot be reached, not Spotify."""
    monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{closed_port()}")
    error, times = sent()
    assert isinstance(error, ApiError)
    assert "(its proxy: connection failed: nothing listens there)" in str(error)
    assert "check the proxy of HTTPS_PROXY (http://127.0.0.1:" in str(error)
    assert times == ATTEMPTS


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_file_of_certificates_that_is_not_there(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is named that names it."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.setenv(variable, "/nonexistent/ca.pem")
    error, times = sent()
    assert isinstance(error, ConfigurationError)
    assert (
        str(error)
        == f"{variable} does not name a file of certificates (/nonexistent/ca.pem): set it right, or unset it."
    )
    assert times == 1


def test_an_invalid_file_of_certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So is a file of something else, which shows when a connection is there."""
    (tmp_path / "ca.pem").write_text("nothing of that kind")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    with proxy(b"", 1) as at:
        error, times = sent(f"https://{at}/v1/me")
    assert isinstance(error, ConfigurationError)
    assert f"REQUESTS_CA_BUNDLE does not name a file of certificates ({tmp_path / 'ca.pem'})" in str(error)
    assert times == 1


def test_no_tls_at_the_other_end() -> None:
    """A server that does not speak it is distinguished from one that is away."""
    with proxy(b"HTTP/1.1 200 OK\r\n\r\n", ATTEMPTS) as at:
        error, _ = sent(f"https://{at}/v1/me")
    assert "(TLS error)" in str(error)


def wrapped(cause: Exception) -> requests.ConnectionError:
    """A failure as it comes out of the libraries."""
    return requests.ConnectionError(MaxRetryError(None, "/v1/me", cause))  # type: ignore[arg-type]


def untrusted(message: str) -> requests.exceptions.SSLError:
    """A certificate that is not trusted."""
    cause = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED]")
    cause.verify_message = message
    return requests.exceptions.SSLError(MaxRetryError(None, "/v1/me", cause))  # type: ignore[arg-type]


def caused(cause: OSError) -> NewConnectionError:
    """A connection that failed for this reason."""
    error: Any = NewConnectionError(None, "Failed to establish a new connection")  # type: ignore[arg-type]
    error.__cause__ = cause
    return error  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (wrapped(caused(socket.gaierror(-2, "Name or service not known"))), "the DNS does not know its name"),
        (wrapped(caused(ConnectionRefusedError(111, "refused"))), "connection failed: nothing listens there"),
        (wrapped(caused(OSError(errno.ENETUNREACH, "unreachable"))), "connection failed: no route to it"),
        (wrapped(caused(OSError(errno.EMFILE, "too many"))), "connection failed"),
        (wrapped(ConnectTimeoutError("x")), "timeout while connecting"),
        (requests.ConnectTimeout("x"), "timeout while connecting"),
        (requests.ReadTimeout("x"), "timeout"),
        (requests.ConnectionError(ReadTimeoutError(None, "/", "x")), "timeout"),  # type: ignore[arg-type]
        (requests.exceptions.ChunkedEncodingError("x"), "the connection broke off"),
        (requests.exceptions.SSLError("x"), "TLS error"),
        (untrusted("certificate has expired"), "its certificate is not trusted: certificate has expired"),
        (requests.ConnectionError("x"), "connection failed"),
    ],
)
def test_reasons_are_distinguished(error: Exception, said: str) -> None:
    """Reasons are found in whatever exceptions the libraries wrap them."""
    assert reason(error) == said


def test_an_untrusted_certificate() -> None:
    """What a company's network needs is named."""
    server = in_turn(untrusted("self-signed certificate in certificate chain"))
    with pytest.raises(ApiError, match="self-signed certificate in certificate chain") as caught:
        transport(server).send(get(URL))
    assert "set REQUESTS_CA_BUNDLE" in str(caught.value)
    assert "check this machine's clock" in str(caught.value)


def test_a_password_wanted_on_the_way() -> None:
    """Also where a transparent proxy says so."""
    with pytest.raises(ConfigurationError, match="which asks for a user and a password"):
        transport(in_turn(Reply(407))).send(get(URL))


def test_errors_of_this_machine_are_no_traceback() -> None:
    """What the system refuses counts as a failed connection."""
    with pytest.raises(ApiError, match="connection failed"):
        transport(in_turn(OSError(errno.EMFILE, "Too many open files"))).send(get(URL))
