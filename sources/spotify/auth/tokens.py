"""Access tokens, from client credentials or from a refresh token.

https://developer.spotify.com/documentation/web-api/tutorials/client-credentials-flow and
https://developer.spotify.com/documentation/web-api/tutorials/refreshing-tokens
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from sources.errors import SignInError
from sources.spotify.auth.app_credentials import check_sufficient
from sources.spotify.auth.bearer_auth import BearerAuth
from sources.spotify.auth.consent import lacking
from sources.spotify.auth.refresh_tokens import RefreshTokens
from sources.spotify.auth.token_endpoint import GrantError, ask_for_token
from sources.spotify.config import SpotifyCredentials
from sources.spotify.http.transport import Transport
from sources.spotify.models.accounts import Token

EARLY = timedelta(seconds=60)
"""How long before its expiry an access token is no longer used."""

LONGEST = 86400.0
"""Maximum lifetime of an access token in seconds, whatever the response says; Spotify's last an hour."""


class Tokens:
    """Access tokens, requested when they are needed and again when they have expired.

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
        check_sufficient(credentials, is_user=self.is_user)

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
        """What to do when the user's consent expires."""
        return self._refreshing.remedy if self._refreshing is not None else ""

    @property
    def scope(self) -> str | None:
        """The scopes of the access token, separated by spaces, if a response has named them."""
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


def _ended(refusal: GrantError, held: RefreshTokens, since: datetime | None) -> SignInError:
    """The error for a refused refresh token, which may be a temporary fault of Spotify's."""
    when = f" since {since:%Y-%m-%d %H:%M} UTC" if since else ""
    msg = (
        f"Spotify no longer accepts the refresh token{when} ({refusal.reason}): sign in again, {held.remedy}. Consents "
        "end after six months; in an outage this also happens for a moment, so the token is kept and the next sync "
        "tries it again."
    )
    return SignInError(msg)
