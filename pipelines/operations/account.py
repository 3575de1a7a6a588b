"""One line about the account that a sync reads as."""

from datetime import UTC

import dlt
from dlt.common.configuration.inject import with_config

from sources.spotify import SpotifyCredentials
from sources.spotify.auth.account import chosen_profile
from sources.spotify.auth.profiles import end_of_consent
from sources.spotify.setting_parsers import moment


@with_config(sections=("sources", "spotify"))
def account_line(*, credentials: SpotifyCredentials = dlt.secrets.value, profile: str | None = None) -> str:
    """A sentence with the account, the day of consent and its end, as far as they are known.

    Raises:
        SignInError: there is no profile of that name.
        ConfigurationError: the profile's file is damaged, or a setting is wrong.
    """
    chosen = chosen_profile(credentials, profile)
    if chosen is not None:
        name, found = chosen
        who = f"Signed in as {found.display_name or found.user_id or 'somebody'} (profile {name})"
        return f"{who} since {found.authorised_at:%Y-%m-%d}; this ends on {found.ends_at:%Y-%m-%d}."
    if not credentials.refresh_token:
        return "Nobody is signed in: playlake login." if not credentials.client_id else "An app alone, without a user."
    agreed = moment(credentials.authorised_at, name="authorised_at", zone=UTC)
    if agreed is None:
        return "Signed in by the configured refresh_token; its age is not known (credentials.authorised_at says it)."
    end = end_of_consent(agreed)
    return f"Signed in by the configured refresh_token since {agreed:%Y-%m-%d}; this ends on {end:%Y-%m-%d}."
