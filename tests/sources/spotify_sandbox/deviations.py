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

_REMOVED = Deviation(
    r".*: required: '(label|popularity|publisher)' is a required property",
    "https://developer.spotify.com/documentation/web-api/references/changes/february-2026",
    frozenset({"development"}),
)
_LOCAL = Deviation(
    r"(.*\.)?(currently_playing|item|queue\.\*|track)"
    r"(\.(album\.)?(href|id|release_date|uri|album_type|release_date_precision): (type|enum): .*"
    r"|\.artists\.\*\.(href|id|uri): type: .*|\.album: required: 'total_tracks' is a required property)",
    "https://developer.spotify.com/documentation/web-api/concepts/playlists: of a local file only its tags are known",
)

PERSONAL: dict[str, dict[str, Deviation]] = {
    "reads": {
        "no available_markets": CATALOGUE["no available_markets"],
        "removed for development apps": _REMOVED,
        "local files": _LOCAL,
        "null elements": Deviation(
            r"items\.\*: type: is not of type 'object'",
            "recorded 2026 in /me/albums; playlists https://github.com/JohnnyCrazy/SpotifyAPI-NET/issues/1013",
        ),
        "null contents": Deviation(
            r"(.*\.)?items\.\*\.(item|track): type: is not of type 'object'",
            "https://github.com/spotify/web-api/issues/958: 30 entries, 29 of them real",
        ),
        "when and by whom it was added": Deviation(
            r"(.*\.)?items\.\*\.(added_at|added_by): type: is not of type '(string|object)'",
            "https://developer.spotify.com/documentation/web-api/reference/get-playlists-items: null in old playlists",
        ),
        "no cover": Deviation(r"(items\.\*\.)?images: type: is not of type 'array'", "recorded 2023 to 2026"),
        "no description": Deviation(
            r"(items\.\*\.)?description: type: is not of type 'string'", "recorded in playlists of every age"
        ),
        "episodes that are gone": Deviation(
            r"items\.\*\.episode(\.resume_point)?(\.show)?\.(\w+(\.\*)?): type: .*"
            r"|items\.\*\.episode: required: 'is_playable' is a required property"
            r"|items\.\*\.episode\.show: required: 'available_markets' is a required property",
            "recorded 2026 in /me/episodes",
        ),
        "episodes dressed as tracks": Deviation(
            r".*\.(item|track): required: '(audio_preview_url|description|html_description|images|is_externally_hosted"
            r"|languages|release_date|release_date_precision|show|is_playable)' is a required property",
            "recorded 2025, for clients that ask for tracks alone",
        ),
    },
    "listens": {
        "no available_markets": CATALOGUE["no available_markets"],
        "removed for development apps": _REMOVED,
        "local files": _LOCAL,
        "no context": Deviation(r"(items\.\*\.)?context: type: is not of type 'object'", "recorded 2023 and 2024"),
    },
    "writes": {},
}
"""Of the operations on playlists and on what is the user's own: reading, listening and writing."""

FIELDS: dict[str, Deviation] = {
    "left out on demand": Deviation(
        r"(.*: )?required: .*|.*: required: .*",
        "https://developer.spotify.com/documentation/web-api/reference/get-playlist: fields filters the answer",
        frozenset({"fields"}),
    ),
}
"""Where ``fields`` was asked for."""

RARE: dict[str, Deviation] = {
    "found without a cover": Deviation(
        r"playlists\.items\.\*\.images: type: is not of type 'array'", "recorded 2023 to 2026 of playlists in lists"
    ),
    "the last page by cursors": Deviation(
        r"(artists\.)?(next|cursors(\.after|\.before)?): type: is not of type '(string|object)'",
        "recorded by https://github.com/spotify-web-api-java/spotify-web-api-java: nobody is followed",
    ),
    "a queue without a player": Deviation(
        r"currently_playing: type: is not of type 'object'",
        "https://tekore.readthedocs.io/en/stable/reference/models.html: Queue.currently_playing may be null",
    ),
}
"""What requests meet that find little or nothing."""

EVERYWHERE: dict[str, Deviation] = {
    f"{part}: {name}": deviation
    for part, listed in {"catalogue": CATALOGUE, **PERSONAL, "fields": FIELDS, "rare": RARE}.items()
    for name, deviation in listed.items()
}
"""All of them, for tests that ask for everything."""

STATUSES: dict[tuple[str, str], tuple[int, str]] = {
    ("get", "/me/player/currently-playing"): (204, "recorded by many clients: nothing plays, on no device"),
}
"""Statuses of success that the document lacks, by method and path."""
