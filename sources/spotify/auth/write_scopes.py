"""The scopes for commands that write; a token for reading has none of them."""

from collections.abc import Sequence

from sources.errors import ScopeError
from sources.spotify.auth.tokens import Tokens

PLAYLISTS = ("playlist-modify-public", "playlist-modify-private")
COVERS = ("ugc-image-upload",)
LIBRARY = ("user-library-modify",)
FOLLOWING = ("user-follow-modify",)

WRITING = (*PLAYLISTS, *COVERS, *LIBRARY, *FOLLOWING)
"""The scopes that `playlake login --write` requests besides those for reading."""


def check_may_write(tokens: Tokens, scopes: Sequence[str]) -> None:
    """Checks that a consent covers writing before anything is sent to the Web API.

    Raises:
        ScopeError: the token lacks the scope, or its scopes are not known.
        PlaylakeError: there is no token.
    """
    # Only an answer that brings a token says what it may, where no profile has kept that.
    tokens.bearer()
    granted = (tokens.scope or "").split()
    lacking = [scope for scope in scopes if scope not in granted]
    if not tokens.is_user or lacking:
        msg = (
            f"The sign-in is for reading only; to write, it lacks {', '.join(lacking) or 'a user'}. Sign in for that: "
            "playlake login --write, with --profile NAME to keep it separate from syncs. Nothing was written."
        )
        raise ScopeError(msg)
