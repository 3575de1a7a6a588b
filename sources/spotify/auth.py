"""Who asks: access tokens from client credentials or from a refresh token.

https://developer.spotify.com/documentation/web-api/tutorials/client-credentials-flow and
https://developer.spotify.com/documentation/web-api/tutorials/refreshing-tokens
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import msgspec
import requests
from dlt.common.configuration import configspec
from dlt.common.configuration.specs import CredentialsConfiguration
from dlt.common.typing import TSecretStrValue

from sources.errors import ApiError, ConfigurationError, SignInError
from sources.spotify.objects import Token, TokenRefusal, decode
from sources.spotify.rotation import Rotation
from sources.spotify.transport import Transport

EARLY = timedelta(seconds=60)
"""How long before its end an access token is no longer used."""

LONGEST = 86400.0
"""Seconds that an access token is believed to last, whatever its answer says; Spotify's last an hour."""


@configspec
class SpotifyCredentials(CredentialsConfiguration):
    """An app's id and secret and, to read as a user, the refresh token of that user's consent."""

    client_id: str | None = None
    client_secret: TSecretStrValue | None = None
    refresh_token: TSecretStrValue | None = None

    def __repr__(self) -> str:
        """Without the secrets."""
        return f"SpotifyCredentials(client_id={self.client_id!r})"

    __str__ = __repr__


class BearerAuth(requests.auth.AuthBase):
    """Puts the access token on a request; as `auth`, so that no netrc file takes its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """The request with the token on it."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class NoAuth(requests.auth.AuthBase):
    """Puts nothing on a request; without any `auth` a netrc file's password would go along."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """The request as it is."""
        return request


class Tokens:
    """Access tokens, fetched when they are needed and again when they have ended.

    Raises:
        SignInError: credentials are missing, or parts of them.
    """

    def __init__(
        self,
        credentials: SpotifyCredentials,
        accounts_url: str,
        transport: Transport,
        now: Callable[[], datetime],
        rotation: Rotation,
    ) -> None:
        self._credentials = credentials
        self._rotation = rotation
        self._url = f"{accounts_url}/api/token"
        self._transport = transport
        self._now = now
        self._bearer: BearerAuth | None = None
        self._until = now()
        self._lock = Lock()
        _check(credentials)

    @property
    def client_id(self) -> str | None:
        """The app's id."""
        return self._credentials.client_id

    @property
    def is_user(self) -> bool:
        """Whether the tokens are a user's, who has a list of playlists."""
        return bool(self._credentials.refresh_token)

    def bearer(self, *, refused: BearerAuth | None = None) -> BearerAuth:
        """An access token that has not ended. Any thread may ask: one fetches it, the others wait for it.

        Args:
            refused: a token that the API did not accept; another one is given.

        Raises:
            SignInError: the user's consent has ended.
            ConfigurationError: the app's id or secret is wrong.
            ApiError: the accounts service did not answer properly.
            TryLaterError: the accounts service asks to wait.
        """
        with self._lock:
            if self._bearer is None or self._bearer is refused or self._now() >= self._until:
                token = self._fetch()
                lasts = timedelta(seconds=min(token.expires_in, LONGEST))
                self._bearer, self._until = BearerAuth(token.access_token), self._now() + lasts - EARLY
            return self._bearer

    def _fetch(self) -> Token:
        """A new access token; a refresh token that works once is replaced before anything else happens."""
        held = self._credentials
        if not held.refresh_token:
            return self._ask({"grant_type": "client_credentials"})
        if held.client_secret:
            return self._refresh(held.refresh_token)
        configured = str(held.refresh_token)
        with self._rotation.turn(configured) as current:
            token = self._refresh(current)
            if token.refresh_token:
                self._rotation.keep(configured, token.refresh_token)
        return token

    def _refresh(self, refresh_token: str) -> Token:
        return self._ask({"grant_type": "refresh_token", "refresh_token": refresh_token})

    def _ask(self, form: dict[str, Any]) -> Token:
        """One request to the token endpoint, repeated if it fails for a moment."""
        held = self._credentials
        if not held.client_secret:
            form["client_id"] = held.client_id
        answer = self._transport.send("POST", self._url, data=form, auth=_app_auth(held))
        if answer.status != 200:
            raise _refusal(answer.status, answer.body, self._url)
        try:
            token = decode(answer.body, Token)
        except msgspec.DecodeError as error:
            msg = f"{self._url} answered something that is no token ({error}): check accounts_url."
            raise ApiError(msg, 200) from None
        if not (token.access_token.isascii() and token.access_token.isprintable()):
            msg = f"{self._url} answered a token that cannot be sent: check accounts_url."
            raise ApiError(msg, 200)
        return token


def _app_auth(held: SpotifyCredentials) -> requests.auth.AuthBase:
    """The app's id and secret, or nothing where it has no secret."""
    if held.client_secret:
        return requests.auth.HTTPBasicAuth(str(held.client_id).encode(), str(held.client_secret).encode())
    return NoAuth()


def _check(credentials: SpotifyCredentials) -> None:
    if not credentials.client_id:
        msg = (
            "No credentials: register an app at https://developer.spotify.com/dashboard and set "
            "SOURCES__SPOTIFY__CREDENTIALS__CLIENT_ID, __CLIENT_SECRET and, for your own playlists, "
            "__REFRESH_TOKEN (or the same in .dlt/secrets.toml). To try without Spotify: playlake demo."
        )
        raise SignInError(msg)
    if not credentials.client_secret and not credentials.refresh_token:
        msg = (
            "sources.spotify.credentials has a client_id but neither client_secret nor refresh_token: "
            "set the secret of the app, or sign in."
        )
        raise SignInError(msg)


def _refusal(status: int, body: bytes, url: str) -> Exception:
    """What the token endpoint's error means: https://www.rfc-editor.org/rfc/rfc6749#section-5.2."""
    try:
        answer = decode(body, TokenRefusal)
    except msgspec.DecodeError:
        answer = TokenRefusal()
    error = answer.error
    said = answer.error_description or error or f"HTTP {status}"
    if error in ("invalid_client", "unauthorized_client"):
        msg = (
            f"Spotify does not accept the app's credentials ({said}): check client_id and client_secret "
            "in sources.spotify.credentials."
        )
        return ConfigurationError(msg)
    if error == "invalid_grant":
        msg = (
            f"Spotify no longer accepts the refresh token ({said}): sign in again. Consents end after "
            "six months; in an outage this also happens for a moment, so try once more before that."
        )
        return SignInError(msg)
    return ApiError(f"{url} answered HTTP {status} ({said}): check accounts_url.", status)
