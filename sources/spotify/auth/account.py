"""Chooses the account that a sync reads as: from the configuration, or a profile that signed in on this machine."""

from collections.abc import Callable
from datetime import UTC, datetime

from sources.errors import SignInError
from sources.spotify.auth.app_credentials import check_client_id
from sources.spotify.auth.profile_choice import chosen_profile
from sources.spotify.auth.profiles import (
    NEARLY_OVER,
    Profiles,
    ProfileTokens,
    end_of_consent,
    login_command,
    profile_folder,
)
from sources.spotify.auth.refresh_tokens import ConfiguredRefreshToken, token_folder
from sources.spotify.auth.scopes import SCOPES
from sources.spotify.auth.tokens import Tokens
from sources.spotify.config import ACCOUNTS_URL, SpotifyCredentials
from sources.spotify.http.transport import Transport
from sources.spotify.setting_parsers import moment


def tokens_for(
    credentials: SpotifyCredentials,
    profile: str | None,
    accounts_url: str,
    transport: Transport,
    now: Callable[[], datetime],
) -> Tokens:
    """Access tokens for the configured account.

    Args:
        credentials: the configured credentials, which take precedence over the default profile.
        profile: the profile that was asked for, which goes before everything else.
        accounts_url: root of the accounts service.
        transport: sends requests.
        now: the clock.

    Raises:
        SignInError: nobody has signed in, there is no such profile, or it belongs to another accounts service.
        ConfigurationError: the profile's file is damaged, or a setting is wrong.
    """
    chosen = chosen_profile(credentials, profile)
    if chosen is not None:
        name, found = chosen
        if found.accounts_url != accounts_url:
            msg = (
                f"Profile {name!r} signed in at {found.accounts_url}, and its token is sent nowhere else, "
                f"but accounts_url is {accounts_url}: correct it, or run {login_command(name)}."
            )
            raise SignInError(msg)
        app = SpotifyCredentials()
        app.client_id = found.client_id
        return Tokens(app, accounts_url, transport, now, ProfileTokens(Profiles(profile_folder()), name))
    if accounts_url == ACCOUNTS_URL and credentials.client_id:
        check_client_id(credentials.client_id)
    if not credentials.refresh_token:
        return Tokens(credentials, accounts_url, transport, now)
    configured = ConfiguredRefreshToken(
        token_folder(),
        str(credentials.refresh_token),
        is_single_use=not credentials.client_secret,
        authorised_at=moment(credentials.authorised_at, name="authorised_at", zone=UTC),
    )
    return Tokens(credentials, accounts_url, transport, now, configured)


def nearly_over(tokens: Tokens, now: datetime) -> str | None:
    """A sentence for the operator when the user's consent ends within two weeks, or has ended by its date."""
    if tokens.authorised_at is None:
        return None
    end = end_of_consent(tokens.authorised_at)
    if now < end - NEARLY_OVER:
        return None
    return f"The sign-in expires on {end:%Y-%m-%d}, six months after consent: {tokens.remedy} before that."


def not_consented(tokens: Tokens) -> str | None:
    """A sentence for the operator when the consent covers less than a sync reads; known once a token is there."""
    missing = tokens.lacking_scopes
    if not missing:
        return None
    lacks = ", ".join(f"{scope} ({SCOPES[scope]})" for scope in missing)
    return f"The consent lacks {lacks}: what they cover is missing. Sign in again, {tokens.remedy}."
