"""Authorisation requests: what an app sends a browser to ``/authorize`` with.

The parameters are those of https://developer.spotify.com/documentation/web-api/tutorials/code-flow and
https://developer.spotify.com/documentation/web-api/tutorials/code-pkce-flow. An invalid request gets a page of plain
text and never a redirect, since the redirect URI may be the invalid part.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sources.spotify_sandbox.accounts import redirects
from sources.spotify_sandbox.accounts.clients import Client, Clients
from sources.spotify_sandbox.accounts.scopes import SCOPES

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
"""An S256 challenge: 32 bytes in base64 for URLs, without padding."""


# As reported in issues of https://github.com. The texts about challenges are not known.
CLIENT = "INVALID_CLIENT: Failed to get client"  # sandrzejewskipl/spotify-scheduler#6
REDIRECT_URI = "redirect_uri: Not matching configuration"  # Ssenseii/harmoni#34
INSECURE = "INVALID_CLIENT: Insecure redirect URI"  # DervexDev/SpotifySpatialAudio#2
RESPONSE_TYPE = "response_type must be code"  # linsomniac/spotify_to_ytmusic#248
SCOPE = "Illegal scope"  # spotify/web-api#1262
CHALLENGE_METHOD = "code_challenge_method must be S256"
CHALLENGE = "Invalid code_challenge"


class AuthorizationError(Exception):
    """The page of text, with status 400, that an invalid request gets."""


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A valid request. ``challenge`` is null without PKCE."""

    client: Client
    redirect_uri: str
    scope: tuple[str, ...]
    state: str | None
    challenge: str | None
    show_dialog: bool

    def redirect(self, answer: str, value: str) -> str:
        """The address that the browser goes to with ``code`` or ``error``, and with the unchanged ``state``."""
        parameters = {answer: value}
        if self.state is not None:
            parameters["state"] = self.state
        return redirects.extended(self.redirect_uri, parameters)


def read(clients: Clients, query: Mapping[str, str]) -> AuthorizationRequest:
    """The request in a query.

    Raises:
        AuthorizationError: Something is missing or wrong.
    """
    client_id, response_type, redirect_uri = (
        _required(query, name) for name in ("client_id", "response_type", "redirect_uri")
    )
    client = clients.get(client_id)
    if client is None:
        raise AuthorizationError(CLIENT)
    if not client.redirects_to(redirect_uri):
        raise AuthorizationError(REDIRECT_URI)
    if not redirects.is_secure(redirect_uri):
        raise AuthorizationError(INSECURE)
    if response_type != "code":
        raise AuthorizationError(RESPONSE_TYPE)
    scope = tuple(dict.fromkeys(query.get("scope", "").split()))
    if not SCOPES.keys() >= set(scope):
        raise AuthorizationError(SCOPE)
    return AuthorizationRequest(
        client=client,
        redirect_uri=redirect_uri,
        scope=scope,
        state=query.get("state"),
        challenge=_challenge(query),
        show_dialog=query.get("show_dialog", "").lower() == "true",
    )


def _required(query: Mapping[str, str], name: str) -> str:
    value = query.get(name)
    if not value:
        # aome510/spotify-player#704; empty ones as well: vdesabou/alfred-spotify-mini-player#530
        message = f"Missing required parameter: {name}"
        raise AuthorizationError(message)
    return value


def _challenge(query: Mapping[str, str]) -> str | None:
    challenge, method = query.get("code_challenge"), query.get("code_challenge_method")
    if challenge is None and method is None:
        return None
    if method != "S256":
        raise AuthorizationError(CHALLENGE_METHOD)
    if challenge is None or not _CHALLENGE.fullmatch(challenge):
        raise AuthorizationError(CHALLENGE)
    return challenge
