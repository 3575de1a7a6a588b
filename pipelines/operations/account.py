"""One line about the account that a sync reads as."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sources.spotify.auth.consent import NEARLY_OVER, end_of_consent
from sources.spotify.auth.profile_choice import chosen_profile
from sources.spotify.setting_parsers import moment
from sources.spotify.unconfigured import is_unconfigured

if TYPE_CHECKING:
    from sources.spotify import SpotifyCredentials


@dataclass(frozen=True, slots=True)
class Nobody:
    """Stands for missing credentials."""

    client_id: str | None = None
    refresh_token: str | None = None
    authorised_at: str | None = None


def account_line(profile: str | None = None) -> str:
    """A sentence with the account, the day of consent and its end, as far as they are known.

    Args:
        profile: the profile that was asked for; the configured one, or the usual one, by default.

    Raises:
        SignInError: there is no profile of that name.
        ConfigurationError: the profile's file is damaged, or a setting is wrong.
    """
    return _account(*_configured(profile))[0]


def ending_sign_in(now: datetime, profile: str | None = None) -> str | None:
    """A sentence where the consent ends within two weeks or has ended, with what to do; else null.

    Raises:
        SignInError: there is no profile of that name.
        ConfigurationError: the profile's file is damaged, or a setting is wrong.
    """
    end = _account(*_configured(profile))[1]
    if end is None or now < end - NEARLY_OVER:
        return None
    word = "expired" if end <= now else "expires"
    return f"The sign-in {word} on {end:%Y-%m-%d}, six months after consent: playlake login."


def _configured(profile: str | None) -> "tuple[SpotifyCredentials | Nobody, str | None]":
    """The configured credentials and profile; dlt is only imported where there may be any."""
    if is_unconfigured():
        return Nobody(), profile
    from pipelines.operations.dlt_account import configured_account

    return configured_account(profile=profile) if profile else configured_account()


def _account(credentials: "SpotifyCredentials | Nobody", profile: str | None) -> tuple[str, datetime | None]:
    """The account in a sentence, and when its consent expires, if that is known."""
    chosen = chosen_profile(credentials, profile)
    if chosen is not None:
        name, found = chosen
        who = f"Signed in as {found.display_name or found.user_id or 'somebody'} (profile {name})"
        text = f"{who} since {found.authorised_at:%Y-%m-%d}; it expires on {found.ends_at:%Y-%m-%d}."
        return text, found.ends_at
    if not credentials.refresh_token:
        nobody, app = "Nobody is signed in: playlake login.", "An app without a user."
        return (app if credentials.client_id else nobody), None
    agreed = moment(credentials.authorised_at, name="authorised_at", zone=UTC)
    if agreed is None:
        text = (
            "Signed in by the configured refresh_token; its expiry is not known: "
            "set credentials.authorised_at to the day of consent."
        )
        return text, None
    end = end_of_consent(agreed)
    return f"Signed in by the configured refresh_token since {agreed:%Y-%m-%d}; it expires on {end:%Y-%m-%d}.", end
