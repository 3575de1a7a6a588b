"""Parses references to playlists: ids, URIs and links."""

import re

from sources.errors import ConfigurationError

_ID = re.compile(r"[0-9A-Za-z]{22}")
_URI = re.compile(r"spotify:(?:user:[^:]+:)?playlist:(?P<id>[^:?/]+)(?:\?.*)?")
_LINK = re.compile(
    r"(?:https?://)?(?:open|play|api)\.spotify\.com/(?:v1/)?(?:intl-[a-z-]+/)?(?:embed/)?(?:users?/[^/]+/)?"
    r"playlists?/(?P<id>[^/?#]+)(?:[/?#].*)?",
    re.IGNORECASE,
)


def playlist_id(reference: str) -> str:
    """The id in an id, a URI (`spotify:playlist:…`) or a link (`https://open.spotify.com/playlist/…?si=…`).

    Raises:
        ConfigurationError: the text is not an id, URI or link of a playlist.
    """
    text = reference.strip()
    match = _URI.fullmatch(text) or _LINK.fullmatch(text)
    found = match["id"] if match else text
    if not _ID.fullmatch(found):
        msg = (
            f"{reference!r} is not a playlist: give its id of 22 letters and digits, its URI "
            "(spotify:playlist:ID) or its link (https://open.spotify.com/playlist/ID)."
        )
        raise ConfigurationError(msg)
    return found
