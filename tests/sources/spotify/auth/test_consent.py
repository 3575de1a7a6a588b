"""What a consent covers."""

from pathlib import Path

import pytest

from sources.spotify.auth.configured_refresh_token import ConfiguredRefreshToken
from sources.spotify.auth.consent import lacking, not_consented
from sources.spotify.auth.scope_purposes import PLAYLIST_SCOPES
from sources.spotify.auth.tokens import Tokens
from sources.spotify.models.accounts import Token
from tests.sources.spotify.stand_in import ACCOUNTS, Clock, Reply, credentials, in_turn, reply, transport

PRIVATE, SHARED = PLAYLIST_SCOPES


def tokens(*answers: Reply, is_user: bool = True) -> Tokens:
    """Tokens of a token endpoint that answers these one after the other."""
    clock = Clock()
    consent = ConfiguredRefreshToken(Path("/nonexistent"), "REFRESH", is_single_use=False) if is_user else None
    return Tokens(credentials(), ACCOUNTS, transport(in_turn(*answers), clock), clock.now, consent)


def token(**more: object) -> Reply:
    """An answer of the token endpoint."""
    return reply({"access_token": "A", "token_type": "Bearer", "expires_in": 3600} | more)


@pytest.mark.parametrize(
    ("scope", "missing"),
    [
        (None, ()),
        (f"{PRIVATE} {SHARED}", ()),
        (f"user-read-email {SHARED}   {PRIVATE}", ()),
        (PRIVATE, (SHARED,)),
        (SHARED, (PRIVATE,)),
        (f"{PRIVATE}-not {SHARED}", (PRIVATE,)),
        ("", (PRIVATE, SHARED)),
        ("user-read-email", (PRIVATE, SHARED)),
    ],
)
def test_what_a_scope_lacks(scope: str | None, missing: tuple[str, ...]) -> None:
    """Names are compared whole, in any order; where nothing is said nothing is missing."""
    assert lacking(scope) == missing


def test_nothing_is_known_before_a_token_is_there() -> None:
    """Before the first answer of the token endpoint no scope counts as lacking."""
    assert tokens(token(scope="")).lacking_scopes == ()


def test_a_lack_is_reported_with_what_it_is_for() -> None:
    """The sentence names the scope, what it covers, and what to do."""
    held = tokens(token(scope=PRIVATE))
    held.bearer()
    assert held.lacking_scopes == (SHARED,)
    assert not_consented(held) == (
        f"The consent lacks {SHARED} ({PLAYLIST_SCOPES[SHARED]}): what they cover is missing. "
        "Sign in again, run playlake login, or set a new refresh_token."
    )


def test_an_answer_without_scope_changes_nothing() -> None:
    """As the standard has it, what was said before stays; a later answer that says it counts."""
    held = tokens(token(scope=PRIVATE), token(), token(scope=f"{PRIVATE} {SHARED}"))
    first = held.bearer()
    second = held.bearer(refused=first)
    assert held.lacking_scopes == (SHARED,)
    held.bearer(refused=second)
    assert not_consented(held) is None


def test_an_app_alone_has_no_consent() -> None:
    """Without a user there is no list of playlists, and nothing to agree to."""
    held = tokens(token(scope=""), is_user=False)
    held.bearer()
    assert held.lacking_scopes == ()


def test_a_token_of_the_sign_in_counts_too() -> None:
    """The scopes of a sign-in are known without another request."""
    held = tokens(token())
    held.take(Token("A", scope=SHARED))
    assert held.lacking_scopes == (PRIVATE,)
