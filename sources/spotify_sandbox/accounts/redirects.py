"""Redirect URIs: where an app may send its users back to.

The rules of 2025 (https://developer.spotify.com/documentation/web-api/concepts/redirect_uri): https, or http with the
loopback literals 127.0.0.1 and [::1]; never ``localhost``. A requested URI equals a registered one, except that a
loopback URI registered without a port may be asked for with any.
"""

import re
from urllib.parse import SplitResult, urlencode, urlsplit

LOOPBACK = ("127.0.0.1", "::1")

# Also keeps line breaks out of the header that the URI ends up in.
_VISIBLE = re.compile(r"[!-~]+")


def is_secure(uri: str) -> bool:
    """Whether a URI may be registered under the rules of 2025."""
    parts = _split(uri)
    if parts is None or parts.fragment or "@" in parts.netloc:
        return False
    if parts.scheme == "http":
        return parts.hostname in LOOPBACK
    return parts.scheme == "https" and parts.hostname not in (None, "localhost")


def matches(registered: str, requested: str) -> bool:
    """Whether a requested URI is the registered one."""
    if registered == requested:
        return True
    known, asked = _split(registered), _split(requested)
    if known is None or asked is None or known.hostname not in LOOPBACK:
        return False
    # Only the port may differ: the rest must be the same, character by character.
    return (
        asked.netloc == f"{known.netloc}:{asked.port}"
        and requested.replace(asked.netloc, known.netloc, 1) == registered
    )


def extended(uri: str, parameters: dict[str, str]) -> str:
    """A URI with more parameters in its query."""
    return uri + ("&" if urlsplit(uri).query else "?") + urlencode(parameters)


def _split(uri: str) -> SplitResult | None:
    if not _VISIBLE.fullmatch(uri):
        return None
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return None
    return parts
