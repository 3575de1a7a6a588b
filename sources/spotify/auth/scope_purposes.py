"""What users are told that each scope is for: https://developer.spotify.com/documentation/web-api/concepts/scopes.

Which scopes a resource needs is declared in its file below `resources/`, and collected in
`resources/sign_in_scopes.py`. Those for commands that write are in `write_scopes.py`.
"""

PLAYLIST_SCOPES = {
    "playlist-read-private": "your private playlists, and the list of all",
    "playlist-read-collaborative": "playlists that others share with you to edit",
}
"""The scopes that a sync of playlists needs, with the purpose of each."""

PURPOSES = PLAYLIST_SCOPES | {
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
