"""GETs leave as `requests` itself would send them."""

from typing import Any
from urllib.parse import quote

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from requests.adapters import BaseAdapter

from sources.spotify.auth.bearer_auth import BearerAuth
from sources.spotify.http.get_sender import GetSender
from sources.spotify.http.requests_transport import new_session

TIMEOUT = (1.0, 2.0)
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=20)


class Kept(BaseAdapter):
    """Keeps what it is to send."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[requests.PreparedRequest, dict[str, Any]]] = []

    def send(self, request: requests.PreparedRequest, *_: Any, **settings: Any) -> requests.Response:
        """An empty answer."""
        self.sent.append((request, settings))
        response = requests.Response()
        response.status_code, response.request, response.url = 200, request, request.url or ""
        return response

    def close(self) -> None:
        """Nothing is open."""


def both(url: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What leaves a session that is asked as usual, and what leaves the sender."""
    kept, session, auth = Kept(), new_session(), BearerAuth("token")
    session.mount("https://", kept)
    session.get(url, params=params, auth=auth, stream=True, allow_redirects=False, timeout=TIMEOUT)
    GetSender(session).send(url, params, auth, TIMEOUT)
    return [(one.method, one.url, dict(one.headers), one.body, settings) for one, settings in kept.sent]


@given(st.text(max_size=20), st.dictionaries(st.text(min_size=1, max_size=10), VALUES, max_size=4))
def test_address_and_headers_are_those_of_requests(name: str, params: dict[str, Any]) -> None:
    """Whatever is in ids and parameters, address, headers, time limits and certificates are the same."""
    usual, light = both(f"https://api.example.com/v1/playlists/{quote(name, safe='')}/items", params)
    assert light == usual


@pytest.mark.parametrize(
    "environment",
    [
        {"https_proxy": "http://user:word@proxy.example.com:8080"},
        {"all_proxy": "socks5://proxy.example.com:1080"},
        {"https_proxy": "http://proxy.example.com:8080", "no_proxy": "example.com"},
        {"REQUESTS_CA_BUNDLE": "/certificates/company.pem"},
        {"CURL_CA_BUNDLE": "/certificates/company.pem"},
    ],
)
def test_the_environment_is_heeded(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies, exceptions from them and certificates reach the adapter as they do from a session."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    usual, light = both("https://api.example.com/v1/me", {"limit": 50})
    assert light == usual


def test_an_invalid_address_is_refused_as_by_requests() -> None:
    """Its error is one that has words."""
    with pytest.raises(requests.exceptions.InvalidURL):
        GetSender(new_session()).send("https://", {}, BearerAuth("token"), TIMEOUT)
    with pytest.raises(requests.exceptions.InvalidSchema):
        GetSender(new_session()).send("ftp://example.com/", {}, BearerAuth("token"), TIMEOUT)
