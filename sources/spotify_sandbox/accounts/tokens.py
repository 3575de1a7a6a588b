"""Issues and checks authorisation codes, refresh tokens and access tokens.

Facts: an access token lives for an hour; a refresh token for six months from the authorisation, not extended by
refreshing (https://developer.spotify.com/blog/2026-06-18-refresh-token-expiration); a code is single-use and valid for
minutes; a refresh token of the PKCE flow is single-use, and its use returns the next one
(https://github.com/ramsayleung/rspotify/issues/396).
"""

import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from sources.spotify_sandbox.accounts import refusals
from sources.spotify_sandbox.accounts.clients import CLIENT_ID, Clients
from sources.spotify_sandbox.errors import ApiError, TokenError, unauthorized
from sources.spotify_sandbox.world.timestamps import Clock

ACCESS_LIFE = timedelta(hours=1)
CODE_LIFE = timedelta(minutes=10)
REFRESH_LIFE = timedelta(days=183)
SCOPE = (
    "playlist-read-private playlist-read-collaborative user-library-read user-follow-read user-top-read "
    "user-read-recently-played user-read-playback-position user-read-playback-state user-read-currently-playing "
    "user-read-email user-read-private"
)
"""All scopes for reading."""

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass(frozen=True, slots=True)
class Grant:
    """What an access token allows: the user's data that ``scope`` names, or only public data without a user."""

    user: str | None
    scope: str
    expires: datetime
    client_id: str

    def allows(self, scope: str) -> bool:
        """Whether a scope was granted."""
        return scope in self.scope.split()


@dataclass(slots=True)
class Authorisation:
    """A user's consent, which a refresh token stands for.

    ``pkce`` is null for one made without a browser, which may be used with the secret or without.
    """

    client_id: str
    user: str
    scope: str
    since: datetime
    pkce: bool | None = None
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """What an authorisation code stands for, until it is exchanged."""

    client_id: str
    user: str
    scope: str
    redirect_uri: str
    challenge: str | None
    expires: datetime


class Issued(NamedTuple):
    """Tokens as the accounts service issues them; an app without a user gets neither scope nor refresh token."""

    access_token: str
    scope: str | None = None
    refresh_token: str | None = None


class Tokens:
    """The issued tokens. A token is computed from its number, so two runs issue the same ones."""

    def __init__(self, clock: Clock, user: str, clients: Clients) -> None:
        self._clock = clock
        self._user = user
        self._clients = clients
        self._issued = 0
        self._codes: dict[str, Code] = {}
        self._grants: dict[str, Grant] = {}
        self._authorisations: dict[str, Authorisation] = {}
        self._spent: set[str] = set()
        self.refresh_token = self.authorise()

    def authorise(self, scope: str = SCOPE, client_id: str = CLIENT_ID) -> str:
        """A refresh token of the signed-in user, as after consent in the browser."""
        return self._remember(Authorisation(client_id, self._user, scope, self._clock()))

    def application(self, client_id: str = CLIENT_ID) -> Issued:
        """An access token of an application alone."""
        return Issued(self._access(client_id, None, ""))

    def code(self, client_id: str, scope: str, redirect_uri: str, challenge: str | None = None) -> str:
        """An authorisation code of the signed-in user."""
        code = self._name("AQ")
        self._codes[code] = Code(client_id, self._user, scope, redirect_uri, challenge, self._clock() + CODE_LIFE)
        return code

    def exchange(
        self, code: str, client_id: str, redirect_uri: str | None, verifier: str | None, *, secret: bool
    ) -> Issued:
        """The tokens for a code.

        Args:
            code: From the redirect.
            client_id: Of the client that asks.
            redirect_uri: The one of the authorisation request, once more.
            verifier: The PKCE verifier, if that request had a challenge.
            secret: Whether the client sent its secret.

        Raises:
            TokenError: ``invalid_grant`` for a code, redirect URI or verifier that does not fit, ``invalid_request``
                without a verifier, ``invalid_client`` without secret and challenge.
        """
        known = self._codes.get(code)
        if known is None or known.client_id != client_id:
            raise TokenError(*refusals.CODE)
        if self._clock() >= known.expires:
            raise TokenError(*refusals.CODE_EXPIRED)
        if known.redirect_uri != redirect_uri:
            raise TokenError(*refusals.REDIRECT_URI)
        _verify(known.challenge, verifier, secret=secret)
        del self._codes[code]
        pkce = known.challenge is not None
        authorisation = Authorisation(client_id, known.user, known.scope, self._clock(), pkce)
        return Issued(self._access(client_id, known.user, known.scope), known.scope, self._remember(authorisation))

    def refresh(self, refresh_token: str, client_id: str = CLIENT_ID, *, secret: bool = True) -> Issued:
        """A new access token, and for PKCE the refresh token that replaces the used one.

        Raises:
            TokenError: ``invalid_grant`` for a token that is unknown, another client's, used, revoked or too old;
                ``invalid_client`` without the secret for a token of the code flow.
        """
        known = self._authorisations.get(refresh_token)
        if known is None or known.client_id != client_id:
            raise TokenError(*refusals.REFRESH_TOKEN)
        if known.revoked or refresh_token in self._spent:
            raise TokenError(*refusals.REVOKED)
        if self._clock() >= known.since + REFRESH_LIFE:
            raise TokenError(*refusals.EXPIRED)
        if known.pkce is False and not secret:
            raise TokenError(*refusals.CLIENT)
        following = None
        if (known.pkce or not secret) and self._clients[client_id].rotates_refresh_tokens:
            self._spent.add(refresh_token)
            following = self._remember(known)
        return Issued(self._access(client_id, known.user, known.scope), known.scope, following)

    def revoke(self, client_id: str = CLIENT_ID) -> None:
        """Revoke every refresh token of a client, as when the user removes the app; access tokens stay valid."""
        for authorisation in self._authorisations.values():
            if authorisation.client_id == client_id:
                authorisation.revoked = True

    def grant(self, header: str | None) -> Grant:
        """What the ``Authorization`` header of a request allows."""
        if header is None:
            message = "No token provided"
            raise unauthorized(message, error=None)
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer":
            raise ApiError(400, "Only valid bearer authentication supported")
        grant = self._grants.get(token.strip())
        if grant is None:
            message = "Invalid access token"
            raise unauthorized(message)
        if self._clock() >= grant.expires:
            message = "The access token expired"
            raise unauthorized(message)
        return grant

    def _access(self, client_id: str, user: str | None, scope: str) -> str:
        token = self._name("BQ")
        self._grants[token] = Grant(user, scope, self._clock() + ACCESS_LIFE, client_id)
        return token

    def _remember(self, authorisation: Authorisation) -> str:
        token = self._name("AQ")
        self._authorisations[token] = authorisation
        return token

    def _name(self, prefix: str) -> str:
        self._issued += 1
        digest = sha256(f"{self._user}/{self._issued}".encode()).digest()
        return prefix + urlsafe_b64encode(digest * 3).decode().rstrip("=")


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier (https://www.rfc-editor.org/rfc/rfc7636#section-4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


def _verify(challenge: str | None, verifier: str | None, *, secret: bool) -> None:
    """Whether the client that exchanges a code is the one that requested it: by a verifier, or else by the secret."""
    if challenge is None:
        if not secret:
            raise TokenError(*refusals.CLIENT)
    elif verifier is None:
        raise TokenError(*refusals.NO_VERIFIER)
    elif not _VERIFIER.fullmatch(verifier) or challenge_of(verifier) != challenge:
        raise TokenError(*refusals.VERIFIER)
