"""Sends GETs through the adapters of a `requests` session, without what a session does again for each of them.

With every request a session reads the proxies and certificates of the environment, parses the address, and looks for
cookies, redirects and netrc files: more than half of what a request costs. The adapter is where connections, TLS,
proxies, SOCKS and errors are. https://requests.readthedocs.io/en/latest/user/advanced/#transport-adapters
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from requests.adapters import BaseAdapter


class GetSender:
    """Sends GETs over a session's connections. Any thread may send.

    Proxies and certificates are those of the environment when a server is asked for the first time.

    Args:
        session: whose adapters and headers are used; no cookies are kept, and no redirects followed.
    """

    def __init__(self, session: requests.Session) -> None:
        self._session = session
        self._ways: dict[str, tuple[BaseAdapter, Mapping[str, Any]]] = {}

    def send(
        self, url: str, params: Mapping[str, Any], auth: requests.auth.AuthBase, timeout: tuple[float, float]
    ) -> requests.Response:
        """The answer, of which the body is still to be read.

        Args:
            url: the whole address, without parameters.
            params: parameters of the address; those that are null are left out.
            auth: what puts credentials on the request.
            timeout: seconds to connect, and to wait for the next bytes.

        Raises:
            requests.RequestException: there was no answer, or the address is none.
        """
        request = requests.PreparedRequest()
        request.method = "GET"
        request.prepare_headers(self._session.headers)
        request.url = normalised(url)
        if query := urlencode([(name, value) for name, value in params.items() if value is not None], doseq=True):
            request.url += f"{'&' if '?' in request.url else '?'}{query}"
        adapter, settings = self._way(request.url)
        return adapter.send(auth(request), timeout=timeout, **settings)

    def _way(self, url: str) -> tuple[BaseAdapter, Mapping[str, Any]]:
        """The adapter for a server, with its proxies and certificates."""
        parts = urlsplit(url)
        server = f"{parts.scheme}://{parts.netloc}"
        if server not in self._ways:
            settings = self._session.merge_environment_settings(url, {}, True, None, None)
            self._ways[server] = self._session.get_adapter(url), settings
        return self._ways[server]


@lru_cache(maxsize=256)
def normalised(url: str) -> str:
    """An address as `requests` sends it.

    Raises:
        requests.RequestException: it is none.
    """
    request = requests.PreparedRequest()
    request.prepare_url(url, None)
    return str(request.url)
