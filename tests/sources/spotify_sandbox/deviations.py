"""Where answers differ from Spotify's OpenAPI document because recorded answers do: each by name, in this one place."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Deviation:
    """A way in which reality differs from the document.

    Attributes:
        pattern: A regular expression for the whole difference, ``place: validator: problem``, as ``openapi.py``
            writes it; places inside lists are ``*``.
        why: Where it was recorded or documented.
        only: Circumstances of which one must be given: ``market``, ``development``, ``nobody`` (neither user nor
            market); none for always.
    """

    pattern: str
    why: str
    only: frozenset[str] = frozenset()

    def explains(self, difference: str, circumstances: frozenset[str]) -> bool:
        """Whether a difference is of this kind."""
        fits = not self.only or bool(self.only & circumstances)
        return fits and re.fullmatch(self.pattern, difference) is not None


CATALOGUE = {
    "no available_markets": Deviation(
        r".*: required: 'available_markets' is a required property",
        "recorded 2017 to 2025: a market takes it away; removed for development apps in February 2026",
        frozenset({"market", "development"}),
    ),
    "removed for development apps": Deviation(
        r".*: required: '(album_group|label|popularity|publisher)' is a required property",
        "https://developer.spotify.com/documentation/web-api/references/changes/february-2026",
        frozenset({"development"}),
    ),
    "null for an unknown id": Deviation(
        r"(albums|artists|audio_features|audiobooks|chapters|episodes|shows|tracks)\.\*: type: is not of type 'object'",
        "https://developer.spotify.com/documentation/web-api/reference/get-several-tracks",
    ),
    "null for nobody": Deviation(
        r"(episodes|shows)\.items\.\*: type: is not of type 'object'",
        "https://github.com/spotify/web-api/issues/1589: podcasts need a market or a user",
        frozenset({"nobody"}),
    ),
    "null for Spotify's own playlists": Deviation(
        r"playlists\.items\.\*: type: is not of type 'object'",
        "https://github.com/JohnnyCrazy/SpotifyAPI-NET/issues/1013: so since 2024-11-27",
        frozenset({"development"}),
    ),
    "public is null": Deviation(
        r"playlists\.items\.\*\.public: type: is not of type 'boolean'",
        "recorded 2014 to 2018 in search, featured playlists and playlists of categories",
    ),
    "description is null": Deviation(
        r"playlists\.items\.\*\.description: type: is not of type 'string'",
        "recorded 2012 to 2026, of playlists old and new",
    ),
    "chapters are of type chapter": Deviation(
        r"((audiobooks\.\*\.)?chapters\.items\.\*\.|(chapters|items)\.\*\.)?type: enum: is not one of \['episode'\]",
        "recorded 2026",
    ),
    "chapters in lists without is_playable": Deviation(
        r"((audiobooks\.\*\.)?chapters\.)?items\.\*: required: 'is_playable' is a required property",
        "recorded 2026",
    ),
    "recommended albums in capitals": Deviation(
        r"tracks\.\*\.album\.album_type: enum: is not one of \['album', 'single', 'compilation'\]",
        "recorded 2016 and 2020",
    ),
    "genres as seeds without address": Deviation(
        r"seeds\.\*\.href: type: is not of type 'string'",
        "https://developer.spotify.com/documentation/web-api/reference/get-recommendations: null for genres",
    ),
}
"""Of the operations that read the catalogue."""
