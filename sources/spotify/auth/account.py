"""Chooses the account that a sync reads as: from the configuration, or a profile that signed in on this machine."""

from collections.abc import Callable
from datetime import UTC, datetime

from sources.errors import SignInError
from sources.spotify.auth.app_credentials import check_client_id
from sources.spotify.auth.configured_refresh_token import ConfiguredRefreshToken, token_folder
from sources.spotify.auth.profile_choice import chosen_profile
from sources.spotify.auth.profiles import Profiles, ProfileTokens, login_command, profile_folder
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
        profile: the profile that was asked for, which takes precedence over everything else.
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
