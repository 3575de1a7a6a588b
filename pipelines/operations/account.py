"""One line about the account that a sync reads as."""

from datetime import UTC, datetime

import dlt
from dlt.common.configuration.inject import with_config

from sources.spotify import SpotifyCredentials
from sources.spotify.auth.account import chosen_profile
from sources.spotify.auth.profiles import NEARLY_OVER, end_of_consent
from sources.spotify.setting_parsers import moment


@with_config(sections=("sources", "spotify"))
def account_line(*, credentials: SpotifyCredentials = dlt.secrets.value, profile: str | None = None) -> str:
    """A sentence with the account, the day of consent and its end, as far as they are known.

    Raises:
        SignInError: there is no profile of that name.
        ConfigurationError: the profile's file is damaged, or a setting is wrong.
    """
    return _account(credentials, profile)[0]


@with_config(sections=("sources", "spotify"))
def ending_sign_in(
    now: datetime, *, credentials: SpotifyCredentials = dlt.secrets.value, profile: str | None = None
) -> str | None:
    """A sentence where the consent ends within two weeks or has ended, with what to do; else null.

    Raises:
        SignInError: there is no profile of that name.
        ConfigurationError: the profile's file is damaged, or a setting is wrong.
    """
    end = _account(credentials, profile)[1]
    if end is None or now < end - NEARLY_OVER:
        return None
    word = "ended" if end <= now else "ends"
    return f"The sign-in {word} on {end:%Y-%m-%d}, six months after consent: playlake login."


def _account(credentials: SpotifyCredentials, profile: str | None) -> tuple[str, datetime | None]:
    """The account in a sentence, and when its consent ends, as far as that is known."""
    chosen = chosen_profile(credentials, profile)
    if chosen is not None:
        name, found = chosen
        who = f"Signed in as {found.display_name or found.user_id or 'somebody'} (profile {name})"
        text = f"{who} since {found.authorised_at:%Y-%m-%d}; this ends on {found.ends_at:%Y-%m-%d}."
        return text, found.ends_at
    if not credentials.refresh_token:
        nobody, app = "Nobody is signed in: playlake login.", "An app alone, without a user."
        return (app if credentials.client_id else nobody), None
    agreed = moment(credentials.authorised_at, name="authorised_at", zone=UTC)
    if agreed is None:
        text = "Signed in by the configured refresh_token; its age is not known (credentials.authorised_at says it)."
        return text, None
    end = end_of_consent(agreed)
    return f"Signed in by the configured refresh_token since {agreed:%Y-%m-%d}; this ends on {end:%Y-%m-%d}.", end
