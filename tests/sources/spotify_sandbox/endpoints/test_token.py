"""The token endpoint and the tokens it gives."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest

from sources.spotify_sandbox import generate
from sources.spotify_sandbox.clients import CLIENT_ID, CLIENT_SECRET
from tests.sources.spotify_sandbox.asking import BASIC, Api


class Clock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time."""
        return self.time


def test_client_credentials() -> None:
    """With the secret in the header or in the body an application gets a token for an hour and nothing else."""
    api = Api(generate(1, 1, 0))
    form = {"grant_type": "client_credentials"}
    for answer in (
        api.post(form, BASIC),
        api.post(form | {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}),
    ):
        assert answer.status == 200
        assert list(answer.json) == ["access_token", "token_type", "expires_in"]
        assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 3600)
        api.authorization = f"Bearer {answer.json['access_token']}"
        assert api.get("/me").status == 401


def test_refresh_with_the_secret() -> None:
    """A refresh token of the code flow may be used again and again, and none comes back."""
    api = Api(generate(1, 1, 0))
    form = {"grant_type": "refresh_token", "refresh_token": api.service.tokens.refresh_token}
    answers = [api.post(form, BASIC).json for _ in range(2)]
    assert answers[0]["access_token"] != answers[1]["access_token"]
    assert all("refresh_token" not in answer and "playlist-read-private" in answer["scope"] for answer in answers)


def test_refresh_without_the_secret_rotates() -> None:
    """With the client id alone (PKCE) a refresh token works once and brings the next one."""
    api = Api(generate(1, 1, 0))
    form = {"grant_type": "refresh_token", "client_id": CLIENT_ID}
    first = api.service.tokens.refresh_token
    second = api.post(form | {"refresh_token": first}).json["refresh_token"]
    again = api.post(form | {"refresh_token": first})
    assert (again.status, again.json) == (
        400,
        {"error": "invalid_grant", "error_description": "Refresh token revoked"},
    )
    assert api.post(form | {"refresh_token": second}).status == 200


@pytest.mark.parametrize(
    ("form", "authorization", "error", "description"),
    [
        ({}, BASIC, "unsupported_grant_type", "grant_type parameter is missing"),
        (
            {"grant_type": "password"},
            BASIC,
            "unsupported_grant_type",
            "grant_type must be client_credentials, authorization_code or refresh_token",
        ),
        ({"grant_type": "client_credentials"}, None, "invalid_client", "Invalid client"),
        ({"grant_type": "client_credentials", "client_id": CLIENT_ID}, None, "invalid_client", "Invalid client"),
        ({"grant_type": "client_credentials"}, "Basic !!", "invalid_client", "Invalid client"),
        ({"grant_type": "client_credentials"}, "Bearer x", "invalid_client", "Invalid client"),
        (
            {"grant_type": "client_credentials"},
            "Basic " + b64encode(f"{CLIENT_ID}:wrong".encode()).decode(),
            "invalid_client",
            "Invalid client secret",
        ),
        ({"grant_type": "refresh_token"}, BASIC, "invalid_request", "refresh_token must be supplied"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, BASIC, "invalid_grant", "Invalid refresh token"),
    ],
)
def test_errors(form: dict[str, str], authorization: str | None, error: str, description: str) -> None:
    """What is wrong with a request for a token is said in OAuth's two keys, with status 400."""
    answer = Api(generate(1, 1, 0)).post(form, authorization)
    assert (answer.status, answer.json) == (400, {"error": error, "error_description": description})


def test_ages() -> None:
    """An access token dies after an hour, a refresh token half a year after the consent."""
    clock = Clock()
    api = Api(generate(1, 1, 0), clock=clock)
    form = {"grant_type": "refresh_token", "refresh_token": api.service.tokens.refresh_token}
    clock.time += timedelta(minutes=59)
    assert api.get("/me").status == 200
    clock.time += timedelta(minutes=1)
    expired = api.get("/me")
    assert expired.json == {"error": {"status": 401, "message": "The access token expired"}}
    assert (
        expired.headers["www-authenticate"]
        == 'Bearer realm="spotify", error="invalid_token", error_description="The access token expired"'
    )
    assert api.post(form, BASIC).status == 200
    clock.time += timedelta(days=183)
    assert api.post(form, BASIC).json["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("authorization", "status", "message"),
    [
        (None, 401, "No token provided"),
        ("Bearer nonsense", 401, "Invalid access token"),
        (BASIC, 400, "Only valid bearer authentication supported"),
    ],
)
def test_requests_without_a_good_token(authorization: str | None, status: int, message: str) -> None:
    """Every path of the Web API asks for a token first."""
    api = Api(generate(1, 1, 0))
    api.authorization = authorization
    for path in ("/me", "/me/playlists", "/playlists/x", "/users/x/playlists"):
        answer = api.get(path)
        assert answer.json == {"error": {"status": status, "message": message}}
        assert ("www-authenticate" in answer.headers) == (status == 401)
