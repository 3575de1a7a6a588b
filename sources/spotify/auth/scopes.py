"""What a user consents to: https://developer.spotify.com/documentation/web-api/concepts/scopes."""

SCOPES = {
    "playlist-read-private": "your private playlists, and the list of all",
    "playlist-read-collaborative": "playlists that others share with you to edit",
}
"""What is asked for, and what each is for."""


def lacking(scope: str | None) -> tuple[str, ...]:
    """Which of them a token may not use; none where its answer did not say what it may.

    Args:
        scope: as the token endpoint says it: names separated by spaces, in any order
            (https://www.rfc-editor.org/rfc/rfc6749#section-3.3).
    """
    if scope is None:
        return ()
    granted = scope.split()
    return tuple(name for name in SCOPES if name not in granted)
