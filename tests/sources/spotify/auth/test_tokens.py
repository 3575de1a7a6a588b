"""Access tokens: how they are got, renewed and kept secret."""

import logging
import stat
from base64 import b64decode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest
import requests

from sources.errors import ApiError, ConfigurationError, PlaylakeError, SignInError, TryLaterError
from sources.spotify.auth.bearer_auth import BearerAuth
from sources.spotify.auth.configured_refresh_token import ConfiguredRefreshToken
from sources.spotify.auth.pkce import Consent
from sources.spotify.auth.profiles import Profile
from sources.spotify.auth.tokens import Tokens
from sources.spotify.config import SpotifyCredentials
from sources.spotify.models.accounts import Token
from tests.sources.spotify.stand_in import ACCOUNTS, Clock, Reply, StandIn, credentials, in_turn, reply, transport

NOWHERE = Path("/nonexistent")


def tokens(server: StandIn, held: SpotifyCredentials, clock: Clock | None = None, folder: Path = NOWHERE) -> Tokens:
    """Tokens from a stand-in for the accounts service."""
    clock = clock or Clock()
    refreshing = (
        ConfiguredRefreshToken(folder, str(held.refresh_token), is_single_use=not held.client_secret)
        if held.refresh_token
        else None
    )
    return Tokens(held, ACCOUNTS, transport(server, clock), clock.now, refreshing)


def token(text: str = "ACCESS", expires_in: object = 3600, **more: str) -> Reply:
    """An answer of the token endpoint."""
    return reply({"access_token": text, "token_type": "Bearer", "expires_in": expires_in, **more})


def form(request: requests.PreparedRequest) -> dict[str, str]:
    """What a request to the token endpoint says."""
    return {name: values[0] for name, values in parse_qs(str(request.body)).items()}


def basic(request: requests.PreparedRequest) -> str | None:
    """The app's id and secret in a request's header."""
    header = request.headers.get("Authorization")
    return None if header is None else b64decode(header.removeprefix("Basic ")).decode()


def sent(auth: BearerAuth) -> str:
    """The header that a token becomes."""
    return auth(requests.Request("GET", "https://api.example/").prepare()).headers["Authorization"]


def test_client_credentials() -> None:
    """An app without a user asks with its id and secret in the header and nothing else."""
    server = in_turn(token())
    asking = tokens(server, credentials())
    assert sent(asking.bearer()) == "Bearer ACCESS"
    assert not asking.is_user
    assert server.requests[0].url == f"{ACCOUNTS}/api/token"
    assert form(server.requests[0]) == {"grant_type": "client_credentials"}
    assert basic(server.requests[0]) == "app:SECRET"


@pytest.mark.parametrize("failure", [Reply(502), requests.ConnectionError("x"), requests.ReadTimeout("x")])
def test_a_token_that_works_once_is_sent_once(failure: Reply | Exception, tmp_path: Path) -> None:
    """Where the answer to it may be lost it is not sent again: it would be refused. Others are."""
    once, again = in_turn(failure, token()), in_turn(failure, token())
    with pytest.raises(ApiError, match=ACCOUNTS):
        tokens(once, credentials(client_secret=None, refresh_token="REFRESH"), folder=tmp_path).bearer()
    tokens(again, credentials(refresh_token="REFRESH")).bearer()
    assert (len(once.requests), len(again.requests)) == (1, 2)


@pytest.mark.parametrize("failure", [Reply(503, headers={"Retry-After": "1"}), requests.ConnectTimeout("x")])
def test_a_token_that_was_not_taken_is_sent_again(failure: Reply | Exception, tmp_path: Path) -> None:
    """Where the accounts service was not reached, or says that it did nothing, a token that works once still works."""
    server = in_turn(failure, token(refresh_token="NEXT"))
    tokens(server, credentials(client_secret=None, refresh_token="REFRESH"), folder=tmp_path).bearer()
    assert len(server.requests) == 2


def test_refresh_with_a_secret() -> None:
    """The refresh token of an app with a secret is sent with the header; an answer without a new one keeps it."""
    server = in_turn(token())
    held = credentials(refresh_token="REFRESH")
    asking = tokens(server, held)
    asking.bearer()
    asking.bearer(refused=asking.bearer())
    assert asking.is_user
    assert [form(request) for request in server.requests] == [
        {"grant_type": "refresh_token", "refresh_token": "REFRESH"}
    ] * 2
    assert basic(server.requests[0]) == "app:SECRET"
    assert held.refresh_token == "REFRESH"


def test_rotating_refresh_tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a secret each refresh token works once: the next request sends the one that came last.

    Neither a header nor a password of the netrc file goes along.
    """
    (tmp_path / "netrc").write_text("default login me password PASSWORD\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server = in_turn(token(refresh_token="SECOND"), token(refresh_token="THIRD"), token())
    folder = tmp_path / "tokens"
    for _ in range(3):
        # A new process each time, with the same configuration.
        tokens(server, credentials(client_secret=None, refresh_token="FIRST"), folder=folder).bearer()
    assert [form(request)["refresh_token"] for request in server.requests] == ["FIRST", "SECOND", "THIRD"]
    assert {form(request)["client_id"] for request in server.requests} == {"app"}
    assert {basic(request) for request in server.requests} == {None}
    (kept,) = [file for file in folder.iterdir() if file.suffix != ".lock"]
    assert kept.read_text() == "THIRD"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_successor_is_kept_for_apps_with_a_secret_too(tmp_path: Path) -> None:
    """Should Spotify give a new token to an app that has a secret, the next run uses that."""
    server = in_turn(token(refresh_token="SECOND"), token())
    for _ in range(2):
        tokens(server, credentials(refresh_token="FIRST"), folder=tmp_path).bearer()
    assert [form(request)["refresh_token"] for request in server.requests] == ["FIRST", "SECOND"]


def test_a_rotating_token_is_not_used_where_its_successor_would_be_lost(tmp_path: Path) -> None:
    """If the next token cannot be stored, none is used."""
    (tmp_path / "file").touch()
    server = in_turn(token(refresh_token="SECOND"))
    with pytest.raises(SignInError, match="cannot be kept"):
        tokens(server, credentials(client_secret=None, refresh_token="FIRST"), folder=tmp_path / "file").bearer()
    assert server.requests == []


def test_a_token_is_used_until_shortly_before_its_end() -> None:
    """One request an hour, and none with a token that may end on the way."""
    server, clock = in_turn(token("FIRST"), token("SECOND")), Clock()
    asking = tokens(server, credentials(), clock)
    assert sent(asking.bearer()) == "Bearer FIRST"
    clock.time += timedelta(seconds=3539)
    assert sent(asking.bearer()) == "Bearer FIRST"
    clock.time += timedelta(seconds=1)
    assert sent(asking.bearer()) == "Bearer SECOND"
    assert len(server.requests) == 2


@pytest.mark.parametrize("expires_in", [1e308, 10**15, -1, -1e300, 0, 3600.0, "3600", "nan", "soon", None])
def test_any_lifetime_is_survived(expires_in: object) -> None:
    """A lifetime too long for any date, or none, still gives a token."""
    assert sent(tokens(in_turn(token(expires_in=expires_in)), credentials()).bearer()) == "Bearer ACCESS"


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (Reply(400, b'{"error": "invalid_grant", "error_description": "cut \\ud83d"}'), SignInError, "cut \ufffd"),
        (reply({"error": "invalid_client", "error_description": "Invalid client secret"}, 400), ConfigurationError,
         r"Invalid client secret.*check client_id and client_secret"),
        (reply({"error": "invalid_client"}, 401), ConfigurationError, "invalid_client"),
        (reply({"error": "invalid_grant", "error_description": "Refresh token revoked"}, 400), SignInError,
         r"Refresh token revoked.*sign in again, run playlake login, or set a new refresh_token"),
        (reply({"error": "server_error"}, 400), ApiError, "HTTP 400 .server_error.: check accounts_url"),
        (reply({"error": {"status": 404, "message": "x"}}, 404), ApiError, "HTTP 404"),
        (reply([1], 400), ApiError, "HTTP 400"),
        (Reply(400, b"<html>"), ApiError, "HTTP 400"),
        (Reply(400, b"\xff\xfe"), ApiError, "HTTP 400"),
        (Reply(400, b'{"error":' + b"[" * 100_000), ApiError, "HTTP 400"),
        (Reply(302, b"", {"Location": "https://evil.example/"}), ApiError, "HTTP 302"),
        (Reply(200, b"<html>Please log in to the network"), ApiError, "not a token"),
        (Reply(200, b'{"access_token":"\xff"}'), ApiError, "cannot be sent"),
        (token(refresh_token="NEXT\ufffd"), ApiError, "cannot be sent"),
        (Reply(200, b""), ApiError, "not a token"),
        (reply({}), ApiError, "not a token"),
        (reply({"access_token": None}), ApiError, "not a token"),
        (reply({"access_token": "ACCESS", "refresh_token": 5}), ApiError, "not a token"),
        (token("ACCESS\r\nX-Evil: 1"), ApiError, "cannot be sent"),
        (token("ÄCCESS"), ApiError, "cannot be sent"),
        (Reply(500, b"oops"), ApiError, "HTTP 500"),
        (reply({"error": "x"}, 429, Retry_After="9999"), TryLaterError, "go on at"),
    ],
)  # fmt: skip
def test_refusals_say_what_to_do(answer: Reply, error: type[PlaylakeError], words: str) -> None:
    """Each answer of the token endpoint ends in the error that names the next step, without any secret."""
    held = credentials(refresh_token="REFRESH")
    with pytest.raises(PlaylakeError, match=words) as caught:
        tokens(in_turn(answer), held).bearer()
    assert type(caught.value) is error
    assert not any(secret in str(caught.value) for secret in ("SECRET", "REFRESH", "ACCESS", "ÄCCESS"))
    assert held.refresh_token == "REFRESH"


@pytest.mark.parametrize(
    "held",
    [credentials(client_id=None), credentials(client_id=""), credentials(client_secret=None)],
)
def test_incomplete_credentials_are_noticed_before_any_request(held: SpotifyCredentials) -> None:
    """Missing parts are named at once."""
    server = in_turn(token())
    with pytest.raises(SignInError, match=r"(?i)client_id"):
        tokens(server, held)
    assert server.requests == []


def test_credentials_with_odd_characters_are_refused_by_spotify_not_by_python() -> None:
    """A secret pasted with typographic quotes reaches the server, which says that it is wrong."""
    server = in_turn(reply({"error": "invalid_client"}, 400))
    with pytest.raises(ConfigurationError, match="check client_id and client_secret"):
        tokens(server, credentials(client_secret="“SECRET”")).bearer()
    assert basic(server.requests[0]) == "app:“SECRET”"


@pytest.mark.parametrize("show", [repr, str, "{}".format])
def test_no_secret_in_any_text(show: Callable[[object], str], caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """Neither objects nor the log show a secret, so that a traceback or a report may be passed on."""
    caplog.set_level(logging.DEBUG)
    held = credentials(refresh_token="REFRESH")
    asking = tokens(in_turn(token(refresh_token="NEXT")), held, folder=tmp_path)
    bearer = asking.bearer()
    shown = (
        held,
        asking,
        bearer,
        Token(access_token="ACCESS", refresh_token="NEXT"),
        ConfiguredRefreshToken(NOWHERE, "REFRESH"),
        Profile("app", ACCOUNTS, Clock().time, refresh_token="REFRESH"),
        Consent("app", ACCOUNTS, "http://127.0.0.1/", verifier="SECRET", state="NEXT"),
    )
    texts = [show(value) for value in shown] + [caplog.text]
    assert not any(secret in text for text in texts for secret in ("SECRET", "REFRESH", "ACCESS", "NEXT"))
