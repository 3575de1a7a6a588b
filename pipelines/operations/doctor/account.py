"""Checks the account: who is signed in, with which scopes, and when the consent ends."""

from collections.abc import Iterator
from datetime import datetime

from pipelines.operations.doctor.finding import Finding
from sources.exit_codes import SIGN_IN
from sources.spotify.auth.consent import end_of_consent, nearly_over, not_consented
from sources.spotify.auth.profile_choice import chosen_profile
from sources.spotify.auth.tokens import Tokens
from sources.spotify.config import SpotifyCredentials


def account_findings(credentials: SpotifyCredentials, profile: str | None) -> Iterator[Finding]:
    """Which account a sync would read as."""
    chosen = chosen_profile(credentials, profile)
    if chosen is not None:
        name, found = chosen
        who = found.display_name or found.user_id or "somebody"
        yield Finding("account", "well", f"Profile {name!r}: {who}, who agreed on {found.authorised_at:%Y-%m-%d}.")
        if found.refused_at is not None:
            message = f"Spotify has refused this sign-in since {found.refused_at:%Y-%m-%d %H:%M} UTC."
            yield Finding("account", "note", message)
    elif credentials.refresh_token:
        yield Finding("account", "well", "The user whose refresh_token is configured.")
    elif credentials.client_id:
        message = "An app without a user: it cannot read lists, nor, since 2026, contents. Run playlake login."
        yield Finding("account", "problem", message, SIGN_IN)
    else:
        message = "Nobody has signed in: run playlake login. To try without Spotify: playlake demo."
        yield Finding("account", "problem", message, SIGN_IN)


def consent_findings(tokens: Tokens, now: datetime) -> Iterator[Finding]:
    """Whether the accounts service gives a token, what it may do, and how long that lasts."""
    tokens.bearer()
    ending = nearly_over(tokens, now)
    if ending:
        yield Finding("consent", "note", ending)
    elif tokens.authorised_at is not None:
        yield Finding("consent", "well", f"Holds until {end_of_consent(tokens.authorised_at):%Y-%m-%d}.")
    elif tokens.is_user:
        message = "Its expiry is not known: set credentials.authorised_at to the day of consent, to be warned in time."
        yield Finding("consent", "note", message)
    lack = not_consented(tokens)
    if lack:
        yield Finding("consent", "problem", lack, SIGN_IN)
