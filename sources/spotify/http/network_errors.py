"""Network errors (DNS, TLS, proxy, timeout) as messages that say what to do."""

import errno
import os
import re
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests
from requests.utils import get_environ_proxies, select_proxy
from urllib3.exceptions import ConnectTimeoutError, LocationValueError, NewConnectionError, ReadTimeoutError

from sources.errors import ConfigurationError
from sources.spotify.http.body_limits import TooSlowError

UNREACHABLE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN)
ADDRESSES = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, LocationValueError)
"""Errors that say that an address is not valid."""
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Variables that name the file of known certificates."""
NO_BUNDLE = ("TLS CA certificate bundle", "NO_CERTIFICATE_OR_CRL_FOUND")
"""What libraries say when that file is missing, or none."""
TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})")
"""What Python says when a proxy does not let a connection through."""

_NOT_CONNECTED = (
    ConnectTimeoutError,
    NewConnectionError,
    ConnectionRefusedError,
    socket.gaierror,
    ssl.SSLCertVerificationError,
)


def network_misconfiguration(error: Exception, url: str) -> ConfigurationError | None:
    """What to fix, if no repetition could help: proxies and files that are configured wrongly."""
    proxy = _proxy(url)
    if isinstance(error, ADDRESSES) and not select_proxy(url, get_environ_proxies(url)):
        return ConfigurationError(f"{url} is not a valid address: check api_url and accounts_url.")
    if isinstance(error, requests.exceptions.InvalidSchema) and "SOCKS" in str(error):
        msg = (
            f"{url} is to be reached by {proxy}, and for SOCKS the package PySocks is missing: install it beside "
            "playlake (pip install PySocks), or unset that variable."
        )
        return ConfigurationError(msg)
    if isinstance(error, ADDRESSES):
        msg = (
            f"{url} is to be reached by {proxy}, whose address is invalid: correct it (http://HOST:PORT), or unset it."
        )
        return ConfigurationError(msg)
    if _says_407(error):
        return asks_for_password(url)
    if any(words in str(error) for words in NO_BUNDLE):
        name = next((name for name in BUNDLES if os.environ.get(name)), BUNDLES[0])
        msg = f"{name} does not name a file of certificates ({os.environ.get(name)}): set it right, or unset it."
        return ConfigurationError(msg)
    return None


def asks_for_password(url: str) -> ConfigurationError:
    """What a proxy means that answers 407."""
    msg = (
        f"{url} is to be reached by {_proxy(url)}, which asks for a user and a password (HTTP 407): write them into "
        "that variable, as in http://USER:PASSWORD@HOST:PORT."
    )
    return ConfigurationError(msg)


def reason(error: Exception) -> str:
    """Why there was no answer, without the addresses and objects that libraries put into their messages."""
    causes = list(_causes(error))
    if isinstance(error, requests.exceptions.ProxyError):
        return f"its proxy: {_reason(error, causes)}"
    return _reason(error, causes)


def advice(error: Exception, url: str) -> str:
    """Advice for when there was no answer."""
    certificate = next((cause for cause in _causes(error) if isinstance(cause, ssl.SSLCertVerificationError)), None)
    if certificate is not None:
        return (
            "check this machine's clock; if a company's proxy intercepts TLS, set REQUESTS_CA_BUNDLE to the file "
            "of its certificate"
        )
    if isinstance(error, requests.exceptions.ProxyError):
        return f"check {_proxy(url)}, or unset it"
    return "check the network and api_url, or try again later"


def is_unsent(error: Exception) -> bool:
    """Whether it is sure that nothing of a request was sent, since no connection for it was there.

    A connection is there only when the server's certificate is trusted and a proxy has let it through.
    """
    return isinstance(error, requests.ConnectTimeout) or any(
        isinstance(cause, _NOT_CONNECTED) or TUNNEL.match(str(cause)) is not None for cause in _causes(error)
    )


def _reason(error: Exception, causes: list[BaseException]) -> str:
    described = next(filter(None, map(_described, causes)), None)
    if described is not None:
        return described
    if isinstance(error, requests.exceptions.SSLError):
        return "TLS error"
    # A connection that failed is, to urllib3, a timeout of a kind.
    if isinstance(error, requests.ConnectTimeout) or any(type(cause) is ConnectTimeoutError for cause in causes):
        return "timeout while connecting"
    if isinstance(error, requests.Timeout) or any(isinstance(cause, ReadTimeoutError) for cause in causes):
        return "timeout"
    if isinstance(error, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        return "the connection broke off"
    return "connection failed" if isinstance(error, requests.ConnectionError) else type(error).__name__


def _described(cause: BaseException) -> str | None:
    """What a cause says by itself, if it says something."""
    if isinstance(cause, TooSlowError):
        return f"timeout: {cause}"
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {cause.verify_message}"
    if isinstance(cause, socket.gaierror):
        return "the DNS does not know its name"
    if isinstance(cause, ConnectionRefusedError):
        return "connection failed: nothing listens there"
    if isinstance(cause, OSError) and cause.errno in UNREACHABLE:
        return "connection failed: no route to it"
    refused = TUNNEL.match(str(cause))
    return f"it does not let requests through, HTTP {refused[1]}" if refused else None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and all that led to it: libraries pass it as an argument, a reason, a cause or a context."""
    seen: set[int] = set()
    left: list[object] = [error]
    while left:
        cause = left.pop(0)
        if isinstance(cause, BaseException) and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            left += [*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__]


def _says_407(error: Exception) -> bool:
    return any((refused := TUNNEL.match(str(cause))) and refused[1] == "407" for cause in _causes(error))


def _proxy(url: str) -> str:
    """The proxy on the way to an address: the variable that names it, and its host, never its password."""
    chosen = select_proxy(url, get_environ_proxies(url))
    if not chosen:
        return "a proxy"
    names = (f"{urlsplit(url).scheme}_proxy", "all_proxy")
    spelt = [name for lower in names for name in (lower, lower.upper())]
    variable = next((name for name in spelt if _same(os.environ.get(name), chosen)), None)
    name = f"the proxy of {variable}" if variable else "a proxy"
    try:
        parts = urlsplit(chosen if "://" in (chosen or "") else f"http://{chosen}")
        host = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        return name
    return f"{name} ({host})" if parts.hostname and parts.hostname.isprintable() else name


def _same(value: str | None, chosen: str) -> bool:
    return value is not None and value.strip() in (chosen, chosen.partition("://")[2])
