"""One request to the accounts service for a token, and what its refusals mean."""

from collections.abc import Iterable
from typing import Any

import msgspec
import requests

from sources.errors import ApiError, ConfigurationError, SignInError
from sources.redaction import redact
from sources.spotify.auth.bearer_auth import NoAuth
from sources.spotify.config import SpotifyCredentials
from sources.spotify.http.transport import Request, Service, Transport
from sources.spotify.models.accounts import Token, TokenRefusal
from sources.spotify.models.lenient_decode import decode_leniently


class GrantError(SignInError):
    """The token endpoint refused a refresh token, or the code of a consent.

    Attributes:
        reason: the error description in the answer.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"Spotify does not accept what was granted ({reason}): sign in again with playlake login.")
        self.reason = reason


def ask_for_token(
    transport: Transport, url: str, app: SpotifyCredentials, form: dict[str, Any], *, idempotent: bool
) -> Token:
    """One request to the token endpoint, repeated if it fails for a moment.

    Args:
        transport: sends requests.
        url: the token endpoint.
        app: the app's id and, if it has one, secret.
        form: the fields of the request.
        idempotent: whether what is granted works more than once. If not, the request is repeated only where it is sure
            that it was not served: the answer that is lost would have held the next token.

    Raises:
        GrantError: Spotify no longer accepts the refresh token or code.
        ConfigurationError: the app's id or secret is wrong.
        ApiError: the accounts service did not answer properly.
        TryLaterError: the accounts service asks to wait.
    """
    if not app.client_secret:
        form["client_id"] = app.client_id
    answer = transport.send(
        Request(method="POST", url=url, service=Service.ACCOUNTS, idempotent=idempotent, data=form, auth=_app_auth(app))
    )
    if answer.status != 200:
        raise _refusal(answer.status, answer.body, url, [app.client_secret, *_granted(form)])
    try:
        token, _ = decode_leniently(answer.body, Token)
    except msgspec.DecodeError as error:
        msg = f"{url} answered something that is not a token ({error}): check accounts_url."
        raise ApiError(msg, 200) from None
    secrets = token.access_token + (token.refresh_token or "")
    if not (secrets.isascii() and secrets.isprintable()):
        msg = f"{url} answered a token that cannot be sent: check accounts_url."
        raise ApiError(msg, 200)
    return token


def _app_auth(held: SpotifyCredentials) -> requests.auth.AuthBase:
    """The app's id and secret, or nothing where it has no secret."""
    if held.client_secret:
        return requests.auth.HTTPBasicAuth(str(held.client_id).encode(), str(held.client_secret).encode())
    return NoAuth()


def _granted(form: dict[str, Any]) -> list[str]:
    """The secrets of what is asked for."""
    return [str(form[name]) for name in ("refresh_token", "code", "code_verifier") if form.get(name)]


def _refusal(status: int, body: bytes, url: str, secrets: Iterable[str | None]) -> Exception:
    """What the token endpoint's error means: https://www.rfc-editor.org/rfc/rfc6749#section-5.2."""
    try:
        answer, _ = decode_leniently(body, TokenRefusal)
    except msgspec.DecodeError:
        answer = TokenRefusal()
    error = answer.error
    reason = redact(answer.error_description or error or f"HTTP {status}", secrets)
    if error in ("invalid_client", "unauthorized_client"):
        msg = (
            f"Spotify does not accept the app's credentials ({reason}): check client_id and client_secret "
            "in sources.spotify.credentials."
        )
        return ConfigurationError(msg)
    if error == "invalid_grant":
        return GrantError(reason)
    return ApiError(f"{url} answered HTTP {status} ({reason}): check accounts_url.", status)
