"""Redirect URIs: which are allowed, and which are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.spotify_sandbox.accounts.redirects import extended, is_secure, matches

SECURE = [
    "https://example.com/callback",
    "https://example.com:8443",
    "https://127.0.0.1:43019/redirect",
    "http://127.0.0.1/callback",
    "http://127.0.0.1:8888",
    "http://[::1]:8000/callback?from=app",
]
INSECURE = [
    "http://example.com/callback",
    "http://localhost:8888/callback",
    "https://localhost/callback",
    "http://192.168.1.4:1880/callback",
    "http://127.0.0.1.example.com/",
    "http://127.0.0.1@example.com/",
    "https://user@example.com/",
    "https://example.com/#here",
    "https:///callback",
    "http://[::1/",
    "http://127.0.0.1:port/",
    "javascript:alert(1)",
    "myapp://callback",
    "127.0.0.1/callback",
    "https://example.com/\r\nset-cookie:a=b",
    "",
]


@pytest.mark.parametrize("uri", SECURE)
def test_secure(uri: str) -> None:
    """An app may be registered with https, and with http on a loopback literal."""
    assert is_secure(uri)


@pytest.mark.parametrize("uri", INSECURE)
def test_insecure(uri: str) -> None:
    """Nothing else will do, ``localhost`` least of all."""
    assert not is_secure(uri)


@given(st.sampled_from(["127.0.0.1", "[::1]"]), st.integers(1, 65535), st.sampled_from(["", "/", "/cb", "/cb?a=b"]))
def test_any_port_of_a_loopback_literal(host: str, port: int, path: str) -> None:
    """A loopback URI without a port stands for any port; with one, and elsewhere, a port is a difference."""
    assert matches(f"http://{host}{path}", f"http://{host}:{port}{path}")
    assert not matches(f"http://{host}:{port}{path}", f"http://{host}{path}")
    assert not matches(f"http://{host}:{port}{path}", f"http://{host}:{port % 65535 + 1}{path}")
    assert not matches(f"https://example.com{path}", f"https://example.com:{port}{path}")


@given(st.sampled_from(SECURE), st.data())
def test_every_character_counts(uri: str, data: st.DataObject) -> None:
    """A URI matches itself, and no longer once a character of it is another, is gone or is twice there."""
    assert matches(uri, uri)
    place = data.draw(st.integers(0, len(uri) - 1))
    other = data.draw(st.sampled_from(["", "x", "@", "/", "\n", " ", uri[place] * 2]))
    changed = uri[:place] + other + uri[place + 1 :]
    assert matches(uri, changed) == (changed == uri)


@pytest.mark.parametrize(
    "requested",
    [
        "http://127.0.0.1:1/other",
        "http://127.0.0.1:1/callback/",
        "http://127.0.0.1:1/callback#x",
        "http://127.0.0.1:1/callback?x=y",
        "http://user@127.0.0.1:1/callback",
        "http://127.0.0.1:01/callback",
        "http://127.0.0.1:1\n/callback",
        "https://127.0.0.1:1/callback",
        "http://[::1]:1/callback",
        "http://localhost:1/callback",
        "http://127.0.0.1:99999/callback",
    ],
)
def test_only_the_port_is_free(requested: str) -> None:
    """Besides its port, all of a loopback URI is as registered."""
    assert not matches("http://127.0.0.1/callback", requested)


def test_parameters_join_those_of_the_uri() -> None:
    """What a registered URI carries in its query stays there, and values are escaped."""
    assert (
        extended("https://example.com/cb", {"code": "a b", "state": "&"}) == "https://example.com/cb?code=a+b&state=%26"
    )
    assert extended("https://example.com/cb?x=y", {"error": "e"}) == "https://example.com/cb?x=y&error=e"
