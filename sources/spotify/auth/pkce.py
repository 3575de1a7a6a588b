"""Sign-in: the authorization code flow with PKCE, without the app's secret.

https://developer.spotify.com/documentation/web-api/tutorials/code-pkce-flow
"""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qs, urlencode, urlsplit

from sources.errors import SignInError
from sources.spotify.auth.scope_purposes import SCOPES
from sources.spotify.auth.token_endpoint import ask_for_token
from sources.spotify.config import SpotifyCredentials
from sources.spotify.http.transport import Transport
from sources.spotify.models.accounts import Token


class NoAnswerError(SignInError):
    """The redirect does not belong to this sign-in: its state differs or is missing."""


def _random() -> str:
    return secrets.token_urlsafe(48)


@dataclass(frozen=True, slots=True)
class Consent:
    """One request for a user's consent.

    Attributes:
        client_id: the app that requests consent.
        accounts_url: root of the accounts service.
        redirect_uri: where the browser is redirected, as it is registered for the app.
        scopes: the requested scopes.
        verifier: the secret of this request, which proves afterwards who sent it.
        state: a random value that the redirect must repeat.
    """

    client_id: str
    accounts_url: str
    redirect_uri: str
    scopes: tuple[str, ...] = tuple(SCOPES)
    verifier: str = field(default_factory=_random, repr=False)
    state: str = field(default_factory=_random, repr=False)

    @property
    def url(self) -> str:
        """The page to open in a browser."""
        challenge = urlsafe_b64encode(sha256(self.verifier.encode()).digest()).decode().rstrip("=")
        return f"{self.accounts_url}/authorize?" + urlencode(
            {
                "response_type": "code",
                "client_id": self.client_id,
                "scope": " ".join(self.scopes),
                "redirect_uri": self.redirect_uri,
                "state": self.state,
                "code_challenge_method": "S256",
                "code_challenge": challenge,
                # Otherwise Spotify signs in the account that it was last, silently.
                "show_dialog": "true",
            }
        )

    def code(self, redirected: str) -> str:
        """The code in the address to which the browser was redirected.

        Raises:
            NoAnswerError: the address does not answer this sign-in.
            SignInError: the user did not agree.
        """
        try:
            given = {name: values[0] for name, values in parse_qs(urlsplit(redirected.strip()).query).items()}
        except ValueError:
            given = {}
        if not secrets.compare_digest(given.get("state", "").encode(), self.state.encode()):
            msg = (
                "The address belongs to another sign-in (its state differs): run playlake login again, and paste the "
                f"whole address that the browser ends at, which begins with {self.redirect_uri}?"
            )
            raise NoAnswerError(msg)
        if "error" in given:
            reason = "you did not agree" if given["error"] == "access_denied" else given["error"][:100]
            msg = f"Spotify did not sign you in ({reason}): nothing was changed; run playlake login to try again."
            raise SignInError(msg)
        if not given.get("code"):
            msg = "The address contains no code: paste it completely, as the browser shows it after you agreed."
            raise SignInError(msg)
        return given["code"]

    def token(self, code: str, transport: Transport) -> Token:
        """Exchanges the code, which works once and for minutes.

        Raises:
            SignInError: the code has expired, or the response lacks a refresh token.
            ConfigurationError: the app's id is wrong.
            ApiError: the accounts service did not answer properly.
            TryLaterError: the accounts service asks to wait.
        """
        app = SpotifyCredentials()
        app.client_id = self.client_id
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": self.verifier,
        }
        token = ask_for_token(transport, f"{self.accounts_url}/api/token", app, form, idempotent=False)
        if not token.refresh_token:
            msg = f"{self.accounts_url} gave no refresh token: run playlake login again."
            raise SignInError(msg)
        return token
