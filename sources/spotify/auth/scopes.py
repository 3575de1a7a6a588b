"""Scopes, which a user consents to: https://developer.spotify.com/documentation/web-api/concepts/scopes.

Which scopes a resource needs is declared in its file below `resources/`.
"""

SCOPES = {
    "playlist-read-private": "your private playlists, and the list of all",
    "playlist-read-collaborative": "playlists that others share with you to edit",
}
"""The scopes that a sync of playlists needs, with the purpose of each."""

PURPOSES = SCOPES | {
    "user-library-read": "what you like and save",
    "user-read-playback-position": "how far you have come in episodes",
    "user-follow-read": "the artists whom you follow",
    "user-top-read": "the artists and tracks that you like most",
    "user-read-recently-played": "what you played lately",
    "user-read-private": "your country and the kind of your subscription",
    "user-read-email": "your e-mail address, if it is to be stored",
    "user-read-playback-state": "what plays, and on which of your devices",
    "user-read-currently-playing": "what plays",
}
"""All scopes that resources need, in the order in which they are requested."""


def lacking(scope: str | None) -> tuple[str, ...]:
    """The scopes that a token lacks; none if the response did not name its scopes.

    Args:
        scope: as the token endpoint says it: names separated by spaces, in any order
            (https://www.rfc-editor.org/rfc/rfc6749#section-3.3).
    """
    if scope is None:
        return ()
    granted = scope.split()
    return tuple(name for name in SCOPES if name not in granted)
