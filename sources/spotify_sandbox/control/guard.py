"""Access control of the control API: only programs of this machine, and no web page of another origin."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from sources.spotify_sandbox.errors import ApiError
from sources.spotify_sandbox.http.exchange import Exchange

_NAMES = {"127.0.0.1", "localhost", "::1"}


def admit(exchange: Exchange) -> None:
    """Check that a request may use the control API.

    The host name in the request must be one of this machine; otherwise a website could point a domain of its own here
    (DNS rebinding). A request within this process has no address, and may use any name.

    Raises:
        ApiError: 403, the request comes from another machine, or from a website.
    """
    if exchange.host is not None and not _is_here(exchange.host):
        raise ApiError(403, "Only for this machine")
    if exchange.host is not None and urlsplit(exchange.origin).hostname not in _NAMES:
        raise ApiError(403, "Only under the name of this machine")
    if exchange.headers.get("origin", exchange.origin) != exchange.origin:
        raise ApiError(403, "Not for pages from elsewhere")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
