"""The token endpoint and the tokens it gives."""

import json
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest

from sources.spotify_sandbox import generate
from sources.spotify_sandbox.accounts.clients import CLIENT_ID, CLIENT_SECRET
from sources.spotify_sandbox.accounts.tokens import challenge_of
from tests.sources.spotify_sandbox.asking import BASIC, Answer, Api, shared
from tests.sources.spotify_sandbox.sign_ins import PKCE, REDIRECT_URI, VERIFIER, Browser, Clock


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


CODE = {"grant_type": "authorization_code", "redirect_uri": REDIRECT_URI}
PUBLIC = {"client_id": CLIENT_ID, "code_verifier": VERIFIER}


def refused(answer: Answer) -> tuple[str, str]:
    """The error and its description."""
    assert (answer.status, list(answer.json)) == (400, ["error", "error_description"])
    return tuple(answer.json.values())


def test_a_code() -> None:
    """A code brings an access token of the scope that was asked for, and a refresh token; it is good once."""
    api = Api(generate(1, 1, 0))
    form = CODE | {"code": Browser(api, scope="user-read-email user-top-read").agree().code}
    answer = api.post(form, BASIC)
    assert answer.status == 200
    assert list(answer.json) == ["access_token", "token_type", "expires_in", "refresh_token", "scope"]
    assert answer.json["scope"] == "user-read-email user-top-read"
    assert refused(api.post(form, BASIC)) == ("invalid_grant", "Invalid authorization code")
    api.authorization = f"Bearer {answer.json['access_token']}"
    assert {"email"} == {"email", "country"} & set(api.get("/me").json)
    refresh = {"grant_type": "refresh_token", "refresh_token": answer.json["refresh_token"]}
    assert [list(api.post(refresh, BASIC).json) for _ in range(2)] == [
        ["access_token", "token_type", "expires_in", "scope"]
    ] * 2
    assert refused(api.post(refresh | {"client_id": CLIENT_ID})) == ("invalid_client", "Invalid client")


def test_pkce() -> None:
    """The verifier stands for the secret; each refresh token works once, with the secret or without."""
    api = Api(generate(1, 1, 0))
    answer = api.post(CODE | PUBLIC | {"code": Browser(api, **PKCE).agree().code})
    tokens = [answer.json["refresh_token"]]
    for authorization in (None, BASIC, None):
        form = {"grant_type": "refresh_token", "refresh_token": tokens[-1], "client_id": CLIENT_ID}
        answer = api.post(form, authorization)
        assert list(answer.json) == ["access_token", "token_type", "expires_in", "refresh_token", "scope"]
        assert refused(api.post(form, authorization)) == ("invalid_grant", "Refresh token revoked")
        tokens.append(answer.json["refresh_token"])
    assert len(set(tokens)) == 4
    api.service.clients[CLIENT_ID].rotates_refresh_tokens = False
    form["refresh_token"] = tokens[-1]
    assert ["refresh_token" in api.post(form).json for _ in range(2)] == [False, False]


@pytest.mark.parametrize(
    ("form", "authorization", "error", "description"),
    [
        ({"code": ""}, None, "invalid_request", "code must be supplied"),
        ({"redirect_uri": ""}, None, "invalid_request", "redirect_uri must be supplied"),
        ({"code": "AQ"}, None, "invalid_grant", "Invalid authorization code"),
        ({"redirect_uri": REDIRECT_URI + "/"}, None, "invalid_grant", "Invalid redirect URI"),
        ({"code_verifier": ""}, None, "invalid_request", "code_verifier required"),
        ({"code_verifier": ""}, BASIC, "invalid_request", "code_verifier required"),
        ({"code_verifier": VERIFIER[:-1] + "x"}, None, "invalid_grant", "code_verifier was incorrect"),
        ({"code_verifier": VERIFIER + "x" * 83}, None, "invalid_grant", "code_verifier was incorrect"),
        ({"client_id": ""}, None, "invalid_client", "Invalid client"),
        ({"client_secret": "wrong"}, None, "invalid_client", "Invalid client secret"),
    ],
)
def test_errors_of_a_code(form: dict[str, str], authorization: str | None, error: str, description: str) -> None:
    """An exchange that does not fit its authorisation is refused, and does not use the code up."""
    api = Api(generate(1, 1, 0))
    good = CODE | PUBLIC | {"code": Browser(api, **PKCE).agree().code}
    bad = {name: value for name, value in (good | form).items() if value}
    assert refused(api.post(bad, authorization)) == (error, description)
    assert api.post(good).status == 200


@pytest.mark.parametrize(("length", "status"), [(42, 400), (43, 200), (128, 200), (129, 400)])
def test_the_length_of_a_verifier(length: int, status: int) -> None:
    """A verifier has 43 to 128 characters, even where its challenge would fit."""
    api = Api(generate(1, 1, 0))
    verifier = "v" * length
    code = Browser(api, **PKCE | {"code_challenge": challenge_of(verifier)}).agree().code
    assert api.post(CODE | PUBLIC | {"code": code, "code_verifier": verifier}).status == status


def test_a_code_without_challenge_needs_the_secret() -> None:
    """The client id alone does not get tokens for a code of the flow with a secret."""
    api = Api(generate(1, 1, 0))
    form = CODE | PUBLIC | {"code": Browser(api).agree().code}
    assert refused(api.post(form)) == ("invalid_client", "Invalid client")


def test_tokens_of_another_client() -> None:
    """Codes and refresh tokens are of no use to a client that they were not given to."""
    api = Api(generate(1, 1, 0))
    other = api.service.clients.register("Other")
    show = {"client_id": other.client_id, "client_secret": other.client_secret}
    code = CODE | {"code": Browser(api).agree().code}
    assert refused(api.post(code | show)) == ("invalid_grant", "Invalid authorization code")
    refresh = {"grant_type": "refresh_token", "refresh_token": api.post(code, BASIC).json["refresh_token"]}
    assert refused(api.post(refresh | show)) == ("invalid_grant", "Invalid refresh token")
    assert api.post(refresh, BASIC).status == 200


def test_revocation() -> None:
    """When the user removes the app its refresh tokens are void, also those that follow from others; no other app's."""
    api = Api(generate(1, 1, 0))
    other = api.service.clients.register("Other")
    theirs = api.service.tokens.authorise(client_id=other.client_id)
    ours = api.post(CODE | PUBLIC | {"code": Browser(api, **PKCE).agree().code}).json["refresh_token"]
    form = {"grant_type": "refresh_token", "client_id": CLIENT_ID}
    ours = api.post(form | {"refresh_token": ours}).json["refresh_token"]
    api.service.revoke(CLIENT_ID)
    for token in (ours, api.service.tokens.refresh_token):
        assert refused(api.post(form | {"refresh_token": token})) == ("invalid_grant", "Refresh token revoked")
    assert (
        api.post({"grant_type": "refresh_token", "client_id": other.client_id, "refresh_token": theirs}).status == 200
    )


def test_the_life_of_a_code() -> None:
    """A code is good for ten minutes."""
    clock = Clock()
    api = Api(generate(1, 1, 0), clock=clock)
    browser = Browser(api, show_dialog="true")
    first, second = (CODE | {"code": browser.agree().code} for _ in range(2))
    clock.time += timedelta(minutes=10) - timedelta(seconds=1)
    assert api.post(first, BASIC).status == 200
    clock.time += timedelta(seconds=1)
    assert refused(api.post(second, BASIC)) == ("invalid_grant", "Authorization code expired")


def test_the_life_of_a_consent() -> None:
    """Six months after the consent the last refresh token of a chain dies: refreshing extends nothing."""
    clock = Clock()
    api = Api(generate(1, 1, 0), clock=clock)
    answer = api.post(CODE | PUBLIC | {"code": Browser(api, **PKCE).agree().code}).json
    form = {"grant_type": "refresh_token", "client_id": CLIENT_ID}
    for _ in range(182):
        clock.time += timedelta(days=1)
        answer = api.post(form | {"refresh_token": answer["refresh_token"]}).json
    clock.time += timedelta(days=1)
    late = api.post(form | {"refresh_token": answer["refresh_token"]})
    assert refused(late) == ("invalid_grant", "Refresh token expired")


@pytest.mark.parametrize(
    ("recording", "form"),
    [
        ("client_credentials/ClientCredentials.json", {"grant_type": "client_credentials"}),
        ("authorization_code/AuthorizationCode.json", CODE),
        ("authorization_code/AuthorizationCodeRefresh.json", {"grant_type": "refresh_token"}),
        ("authorization_code/pkce/AuthorizationCodePKCERefresh.json", {"grant_type": "refresh_token"} | PUBLIC),
    ],
)
def test_shapes(recording: str, form: dict[str, str]) -> None:
    """Every kind of answer has the keys and types of the one that is on record."""
    api = Api(generate(1, 1, 0))
    known: dict[str, Any] = json.loads(
        shared("recordings", "spotify-web-api-java", "main", "authorization", recording).read_text()
    )
    form = form | {"code": Browser(api).agree().code, "refresh_token": api.service.tokens.refresh_token}
    answer = api.post(form, None if "client_id" in form else BASIC).json
    assert {name: type(value) for name, value in answer.items()} == {name: type(value) for name, value in known.items()}


def test_pages_of_other_origins_may_ask() -> None:
    """An app that runs in a browser reads the answer, as PKCE needs; it is not kept in any cache."""
    api = Api(generate(1, 1, 0))
    for answer in (api.post({"grant_type": "client_credentials"}, BASIC), api.post({})):
        assert answer.headers["access-control-allow-origin"] == "*"
    assert api.post({"grant_type": "client_credentials"}, BASIC).headers["cache-control"] == "no-store"


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
