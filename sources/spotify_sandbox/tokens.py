"""Clients, refresh tokens and access tokens: who is asking.

Facts: an access token lives for an hour, a refresh token for six months from the authorisation (Spotify,
2026-06-18), and a refresh token used without the secret (PKCE) works once and brings the next one.
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sources.spotify_sandbox.errors import ApiError, TokenError, unauthorized
from sources.spotify_sandbox.timestamps import Clock

ACCESS_LIFE = timedelta(hours=1)
REFRESH_LIFE = timedelta(days=183)
CLIENT_ID = sha256(b"sandbox client").hexdigest()[:32]
CLIENT_SECRET = sha256(b"sandbox secret").hexdigest()[:32]
SCOPE = "playlist-read-private playlist-read-collaborative user-library-read user-read-email user-read-private"


@dataclass(frozen=True, slots=True)
class Grant:
    """What an access token allows: everything of a user that ``scope`` names, or without a user only the public."""

    user: str | None
    scope: str
    expires: datetime

    def allows(self, scope: str) -> bool:
        """Whether a scope was granted."""
        return scope in self.scope.split()


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A user's consent, which a refresh token stands for."""

    user: str
    scope: str
    since: datetime


class Tokens:
    """The accounts service's memory. Tokens follow from their number, so two runs give the same ones."""

    def __init__(self, clock: Clock, user: str) -> None:
        self._clock = clock
        self._user = user
        self._issued = 0
        self._grants: dict[str, Grant] = {}
        self._authorisations: dict[str, Authorisation] = {}
        self.refresh_token = self.authorise()

    def authorise(self, scope: str = SCOPE) -> str:
        """A refresh token of the signed-in user, as consent in the browser would have given."""
        return self._remember(Authorisation(self._user, scope, self._clock()))

    def application(self) -> str:
        """An access token of the application alone."""
        return self._access(None, "")

    def refresh(self, refresh_token: str, *, rotate: bool) -> tuple[str, str, str | None]:
        """A new access token, its scope, and with ``rotate`` the refresh token that replaces the used one."""
        authorisation = self._authorisations.get(refresh_token)
        if authorisation is None:
            error, description = "invalid_grant", "Invalid refresh token"
            raise TokenError(error, description)
        if self._clock() >= authorisation.since + REFRESH_LIFE:
            error, description = "invalid_grant", "Refresh token expired"
            raise TokenError(error, description)
        following = None
        if rotate:
            del self._authorisations[refresh_token]
            following = self._remember(authorisation)
        return self._access(authorisation.user, authorisation.scope), authorisation.scope, following

    def revoke(self, refresh_token: str) -> None:
        """Forget a refresh token, as when the user removes the app."""
        self._authorisations.pop(refresh_token, None)

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

    def _access(self, user: str | None, scope: str) -> str:
        token = self._name("BQ")
        self._grants[token] = Grant(user, scope, self._clock() + ACCESS_LIFE)
        return token

    def _remember(self, authorisation: Authorisation) -> str:
        token = self._name("AQ")
        self._authorisations[token] = authorisation
        return token

    def _name(self, prefix: str) -> str:
        self._issued += 1
        digest = sha256(f"{self._user}/{self._issued}".encode()).digest()
        return prefix + urlsafe_b64encode(digest * 3).decode().rstrip("=")
