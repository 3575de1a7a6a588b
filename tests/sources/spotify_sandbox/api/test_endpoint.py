"""What stands before an endpoint's answer, in which order."""

import pytest
from starlette.responses import PlainTextResponse

from sources.spotify_sandbox import generate
from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints import ENDPOINTS
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import ApiError
from tests.sources.spotify_sandbox.asking import Api

ENDPOINT = Endpoint(
    "GET", "/me/player/queue", lambda _: PlainTextResponse("queue"), ("user-top-read", "user-follow-read"), user=True
)


def outcome(endpoint: Endpoint, scope: str | None = "", *, regime: str = "extended", premium: bool = True) -> str:
    """The answer or the error of a call; without a scope, of an app without a user."""
    api = Api(generate(1, 1, 0), regime, user=scope is not None, scope=scope)
    grant = api.service.tokens.grant(api.authorization)
    api.service.clients[grant.client_id].owner_has_premium = premium
    try:
        return bytes(endpoint(Call(api.service, grant, "", {}, {}, None)).body).decode()[:15]
    except ApiError as error:
        return f"{error.status} {error.message}"


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("user-top-read", "queue"),
        ("user-library-read user-follow-read", "queue"),
        ("user-library-read", "403 Insufficient client scope"),
        ("user-top-read-not", "403 Insufficient client scope"),
        ("", "403 Insufficient client scope"),
        (None, "401 Valid user authentication required"),
    ],
)
def test_scopes(scope: str | None, expected: str) -> None:
    """One of the scopes is enough; an app without a user lacks the user first."""
    assert outcome(ENDPOINT, scope) == expected


@pytest.mark.parametrize(("gone", "expected"), [(403, "403 Forbidden"), (404, "404 Resource not found")])
def test_gone(gone: int, expected: str) -> None:
    """For apps in development mode what is gone is gone, whatever the token; other apps keep it."""
    endpoint = Endpoint(
        "GET", "/x", ENDPOINT.answer, ENDPOINT.scopes, user=True, development_status=403 if gone == 403 else 404
    )
    for scope in ("user-top-read", "", None):
        assert outcome(endpoint, scope, regime="development") == expected
    assert outcome(endpoint, "user-top-read", regime="transition") == "queue"


def test_the_app_comes_first() -> None:
    """An app that is shut out hears of nothing else."""
    for scope in ("user-top-read", "", None):
        assert outcome(ENDPOINT, scope, regime="development", premium=False) == "Active premium "


def test_slash_at_the_end() -> None:
    """One slash after a path is skipped, as real clients rely on; two are another path."""
    api = Api(generate(1, 1, 0))
    assert api.get("/me/").json == api.get("/me").json
    assert api.get("/me//").status == 404
    assert api.get("/playlists/").status == 404


def test_every_endpoint_says_what_it_is() -> None:
    """The page at / has a sentence for each of them."""
    silent = [f"{entry.method} {entry.path}" for entry in ENDPOINTS if not (entry.answer.__doc__ or "").strip()]
    assert silent == []
