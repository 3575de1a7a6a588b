"""A user's consent: when it expires, which scopes it covers, and what the operator is told when it falls short."""

import calendar
from datetime import MAXYEAR, datetime, timedelta
from typing import TYPE_CHECKING

from sources.spotify.auth.scope_purposes import PLAYLIST_SCOPES

if TYPE_CHECKING:
    from sources.spotify.auth.tokens import Tokens

MONTHS = 6
"""How long a consent is valid: https://developer.spotify.com/blog/2026-06-18-refresh-token-expiration."""

NEARLY_OVER = timedelta(days=14)
"""How long before its expiry a sync begins to warn."""


def end_of_consent(authorised_at: datetime) -> datetime:
    """Six months after the user agreed; on the last day of a month that is too short."""
    year, month = divmod(authorised_at.year * 12 + authorised_at.month - 1 + MONTHS, 12)
    if year > MAXYEAR:
        return authorised_at.replace(month=12, day=31)
    day = min(authorised_at.day, calendar.monthrange(year, month + 1)[1])
    return authorised_at.replace(year=year, month=month + 1, day=day)


def lacking(scope: str | None) -> tuple[str, ...]:
    """The scopes that a token lacks; none if the response did not name its scopes.

    Args:
        scope: as the token endpoint says it: names separated by spaces, in any order
            (https://www.rfc-editor.org/rfc/rfc6749#section-3.3).
    """
    if scope is None:
        return ()
    granted = scope.split()
    return tuple(name for name in PLAYLIST_SCOPES if name not in granted)


def nearly_over(tokens: "Tokens", now: datetime) -> str | None:
    """A sentence for the operator when the user's consent ends within two weeks, or has ended by its date."""
    if tokens.authorised_at is None:
        return None
    end = end_of_consent(tokens.authorised_at)
    if now < end - NEARLY_OVER:
        return None
    return f"The sign-in expires on {end:%Y-%m-%d}, six months after consent: {tokens.remedy} before that."


def not_consented(tokens: "Tokens") -> str | None:
    """A sentence for the operator when the consent covers less than a sync reads; known once a token is there."""
    missing = tokens.lacking_scopes
    if not missing:
        return None
    lacks = ", ".join(f"{scope} ({PLAYLIST_SCOPES[scope]})" for scope in missing)
    return f"The consent lacks {lacks}: what they cover is missing. Sign in again, {tokens.remedy}."
