"""Validates an app's credentials before any request."""

import re

from sources.errors import ConfigurationError, SignInError
from sources.spotify.config import SpotifyCredentials

CLIENT_ID = re.compile("[0-9a-fA-F]{32}")
"""The id of an app."""


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


def check_sufficient(credentials: SpotifyCredentials, *, is_user: bool) -> None:
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
