"""Access tokens, from client credentials or from a refresh token.

https://developer.spotify.com/documentation/web-api/tutorials/client-credentials-flow and
https://developer.spotify.com/documentation/web-api/tutorials/refreshing-tokens
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import msgspec
import requests

from sources.errors import ApiError, ConfigurationError, SignInError
from sources.redaction import redact
from sources.spotify.auth.refresh_tokens import RefreshTokens
from sources.spotify.auth.scopes import lacking
from sources.spotify.config import SpotifyCredentials
from sources.spotify.http.transport import Request, Service, Transport
from sources.spotify.models.accounts import Token, TokenRefusal
from sources.spotify.models.lenient_decode import decode_leniently

CLIENT_ID = re.compile("[0-9a-fA-F]{32}")
"""The id of an app."""

EARLY = timedelta(seconds=60)
"""How long before its end an access token is no longer used."""

LONGEST = 86400.0
"""Seconds that an access token is believed to last, whatever its answer says; Spotify's last an hour."""


class BearerAuth(requests.auth.AuthBase):
    """Puts the access token on a request; as `auth`, so that no netrc file takes its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def redact_in(self, text: str) -> str:
        """A text with the token redacted."""
        return redact(text, [self._token])

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

    Args:
        credentials: the app's.
        accounts_url: root of the accounts service.
        transport: sends requests.
        now: the clock.
        refreshing: the refresh token of a user's consent; none to ask as the app alone.

    Raises:
        SignInError: credentials are missing, or parts of them.
    """

    def __init__(
        self,
        credentials: SpotifyCredentials,
        accounts_url: str,
        transport: Transport,
        now: Callable[[], datetime],
        refreshing: RefreshTokens | None = None,
    ) -> None:
        self._credentials = credentials
        self._refreshing = refreshing
        self._url = f"{accounts_url}/api/token"
        self._transport = transport
        self._now = now
        self._bearer: BearerAuth | None = None
        self._until = now()
        # Until an answer says something else it is what was agreed to.
        self._scope = refreshing.scope if refreshing is not None else None
        self._lock = Lock()
        check(credentials, is_user=self.is_user)

    @property
    def client_id(self) -> str | None:
        """The app's id."""
        return self._credentials.client_id

    @property
    def is_user(self) -> bool:
        """Whether the tokens are a user's, who has a list of playlists."""
        return self._refreshing is not None

    @property
    def authorised_at(self) -> datetime | None:
        """When the user agreed, if that is known."""
        return self._refreshing.authorised_at if self._refreshing is not None else None

    @property
    def remedy(self) -> str:
        """What to do when the user's consent ends."""
        return self._refreshing.remedy if self._refreshing is not None else ""

    @property
    def scope(self) -> str | None:
        """What the access token may do, separated by spaces, if an answer has said so."""
        return self._scope

    @property
    def lacking_scopes(self) -> tuple[str, ...]:
        """Scopes that a sync needs and the user did not agree to, as far as is known: before a token is there, nothing.

        Without them playlists are missing from the user's list, which looks as if they had been removed.
        """
        return lacking(self._scope) if self.is_user else ()

    def lacking(self, scopes: Iterable[str]) -> tuple[str, ...]:
        """Those of some scopes that the user did not agree to, as far as is known."""
        granted = (self._scope or "").split()
        return tuple(sorted(scope for scope in scopes if granted and self.is_user and scope not in granted))

    def bearer(self, *, refused: BearerAuth | None = None) -> BearerAuth:
        """An access token that has not expired. Thread-safe: one thread fetches it, the others wait.

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
                return self._use(self._fetch())
            return self._bearer

    def take(self, token: Token) -> None:
        """Starts with an existing token, as after signing in."""
        with self._lock:
            self._use(token)

    def _use(self, token: Token) -> BearerAuth:
        lasts = timedelta(seconds=min(token.expires_in, LONGEST))
        self._bearer, self._until = BearerAuth(token.access_token), self._now() + lasts - EARLY
        # An answer without it says that nothing has changed: https://www.rfc-editor.org/rfc/rfc6749#section-5.1.
        self._scope = self._scope if token.scope is None else token.scope
        return self._bearer

    def _fetch(self) -> Token:
        """A new access token; the successor of a single-use refresh token is stored before anything else happens."""
        held = self._refreshing
        if held is None:
            return self._ask({"grant_type": "client_credentials"}, idempotent=True)
        with held.turn() as current:
            try:
                form = {"grant_type": "refresh_token", "refresh_token": current}
                token = self._ask(form, idempotent=not held.is_single_use)
            except GrantError as refusal:
                raise _ended(refusal, held, held.refused(self._now())) from None
            if token.refresh_token and token.refresh_token != current:
                held.keep(token.refresh_token)
            held.accepted()
        return token

    def _ask(self, form: dict[str, Any], *, idempotent: bool) -> Token:
        return ask_for_token(self._transport, self._url, self._credentials, form, idempotent=idempotent)


class GrantError(SignInError):
    """The token endpoint does not accept what was granted: a refresh token, or the code of a consent.

    Attributes:
        reason: the error description in the answer.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"Spotify does not accept what was granted ({reason}): sign in again with playlake login.")
        self.reason = reason


def _ended(refusal: GrantError, held: RefreshTokens, since: datetime | None) -> SignInError:
    """What a refused refresh token means: for a while it may be Spotify's fault."""
    when = f" since {since:%Y-%m-%d %H:%M} UTC" if since else ""
    msg = (
        f"Spotify no longer accepts the refresh token{when} ({refusal.reason}): sign in again, {held.remedy}. Consents "
        "end after six months; in an outage this also happens for a moment, so the token is kept and the next sync "
        "tries it again."
    )
    return SignInError(msg)


def ask_for_token(
    transport: Transport, url: str, app: SpotifyCredentials, form: dict[str, Any], *, idempotent: bool
) -> Token:
    """One request to the token endpoint, repeated if it fails for a moment.

    Args:
        transport: sends requests.
        url: the token endpoint.
        app: the app's id and, if it has one, secret.
        form: what is asked for.
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


def check_client_id(client_id: str) -> None:
    """Checks the form of an app's id, before anybody waits for an answer.

    Raises:
        ConfigurationError: the id does not have the form of an app's id.
    """
    if not CLIENT_ID.fullmatch(client_id.strip()):
        msg = (
            f"{client_id[:50]!r} is not the id of an app: copy the Client ID, 32 digits and letters from a to f, from "
            "its page on https://developer.spotify.com/dashboard."
        )
        raise ConfigurationError(msg)


def check(credentials: SpotifyCredentials, *, is_user: bool) -> None:
    """Checks that the credentials suffice to request a token.

    Raises:
        SignInError: the credentials do not suffice.
    """
    if not credentials.client_id:
        msg = (
            "No credentials: register an app at https://developer.spotify.com/dashboard, then run playlake login "
            "--client-id ID, or set SOURCES__SPOTIFY__CREDENTIALS__CLIENT_ID, __CLIENT_SECRET and, for your own "
            "playlists, __REFRESH_TOKEN (or the same in .dlt/secrets.toml). To try without Spotify: playlake demo."
        )
        raise SignInError(msg)
    if not credentials.client_secret and not is_user:
        msg = (
            "sources.spotify.credentials has a client_id but neither client_secret nor refresh_token: "
            "run playlake login, or set the secret of the app."
        )
        raise SignInError(msg)


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
