"""Schema drift: fields of answers that no table stores, such as new ones of the API, found in a sample of each run.

Decoding skips fields that no struct declares, without a trace. So some answers are decoded
once more as plain JSON: of each endpoint the 1st, 2nd, 4th … 64th, and from then on every 64th.
"""

from collections.abc import Mapping
from functools import cache
from threading import Lock
from typing import Any, get_args, get_type_hints

import msgspec
from msgspec import Struct

from sources.spotify.api.endpoints import ENDPOINTS, Endpoint
from sources.spotify.models.answers import Album, Artist, EntriesPage, Followers, Link, Show, User
from sources.spotify.models.audio import AudioFeatures
from sources.spotify.models.catalogue import (
    Chapter,
    ChaptersPage,
    DiscographyAlbum,
    DiscographyPage,
    EpisodesPage,
    FullAlbum,
    FullArtist,
    FullAudiobook,
    FullShow,
    TracksPage,
)
from sources.spotify.models.decode import decode
from sources.spotify.models.library import Audiobook, AudiobooksPage
from sources.spotify.models.lists import (
    AlbumsPage,
    ArtistsPage,
    BrowsedPlaylists,
    CategoriesPage,
    FoundAudiobooksPage,
    ItemsPage,
    Recommendations,
    ShowsPage,
)
from sources.spotify.models.personal import FollowedPage, TopArtistsPage, TopTracksPage
from sources.spotify.models.player import PlayContext, PlayerState, Queue
from sources.spotify.models.playlists import Playlist, PlaylistsPage
from sources.spotify.models.plays import PlaysPage
from sources.spotify.models.saved import SavedAlbum, SavedPage

EVERY = 64
"""One response in this many is checked, in the long run."""

MOST = 100
"""Maximum number of different fields that a run reports."""

LONGEST = 80
"""The maximum length of a reported field name."""

_CONSTANT = "the same for every object of its kind"
_BACK = "pages are asked for by offset, and only forward"
_OFFSETS = dict.fromkeys(("href", "limit", "next", "offset", "previous"), _BACK)
_OF_ALBUMS = ("label", "popularity", "external_ids", "copyrights", "tracks", "genres")
_OF_FULL_ALBUMS = {
    "type": _CONSTANT,
    "is_playable": "says what its tracks' own says",
    "genres": "always empty",
    "album_group": "belongs to lists of an artist's albums",
}

LEFT_ASIDE: dict[type[Struct], dict[str, str]] = {
    Album: {
        "type": _CONSTANT,
        "is_playable": "says what the track's own says",
        "album_group": "belongs to lists of an artist's albums",
        **dict.fromkeys(_OF_ALBUMS, "read with the album's own description"),
    },
    Artist: {"type": _CONSTANT},
    Audiobook: {"type": _CONSTANT, "is_externally_hosted": "only what a podcast may be"},
    AudiobooksPage: _OFFSETS,
    EntriesPage: {"previous": _BACK},
    FollowedPage: {"href": _BACK},
    Followers: {"href": "always null"},
    Link: {
        "type": _CONSTANT,
        "href": "follows from its id",
        "external_urls": "follow from its id",
    },
    Playlist: {"type": _CONSTANT},
    PlayContext: {"href": "follows from its URI", "external_urls": "follow from its URI"},
    PlayerState: {"actions": "which commands the player takes"},
    PlaylistsPage: {"previous": _BACK},
    PlaysPage: dict.fromkeys(("href", "limit", "next", "cursors", "total"), "there is only one page"),
    Queue: {"currently_playing": "what the player's state says"},
    SavedPage: _OFFSETS,
    Show: {"type": _CONSTANT},
    **{
        page: {"previous": _BACK}
        for page in (AlbumsPage, ArtistsPage, CategoriesPage, FoundAudiobooksPage, ItemsPage, ShowsPage)
    },
    **{
        page: {"previous": _BACK, **dict.fromkeys(("href", "limit", "next", "offset"), _BACK)}
        for page in (ChaptersPage, DiscographyPage, EpisodesPage, TracksPage)
    },
    AudioFeatures: {
        "type": _CONSTANT,
        **dict.fromkeys(("uri", "track_href", "analysis_url"), "follow from its id"),
    },
    Chapter: {"type": _CONSTANT},
    DiscographyAlbum: {"type": _CONSTANT, "is_playable": "says what its tracks' own says"},
    FullAlbum: _OF_FULL_ALBUMS,
    SavedAlbum: _OF_FULL_ALBUMS,
    FullArtist: {"type": _CONSTANT},
    FullAudiobook: {"type": _CONSTANT},
    FullShow: {"type": _CONSTANT, "episodes": "asked for by themselves"},
    BrowsedPlaylists: {"message": "a greeting that changes with the hour"},
    Recommendations: {"seeds": "follow from what was asked"},
    TopArtistsPage: {"href": _BACK, "previous": _BACK},
    TopTracksPage: {"href": _BACK, "previous": _BACK},
    User: {
        "type": _CONSTANT,
        "images": "people's pictures belong to them",
        "explicit_content": "a setting of the account",
    },
}
"""Fields that are known and not stored, by the object that holds them, each with the reason."""

_TYPES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}


class UnstoredField(Struct, frozen=True):
    """A field of an answer that no table stores.

    Attributes:
        object: the kind of object that holds it, a class of `sources.spotify.models`.
        field: the name of the field.
        place: where it was seen first, as in `items[].track.album.colour`, below the whole answer.
        endpoint: which answer that was.
        type: JSON's types of its values, never a value; several are joined by `|`.
        count: how many objects of the sample held it.
    """

    object: str
    field: str
    place: str
    endpoint: str
    type: str
    count: int


class SchemaDrift:
    """Collects such fields from the answers of a run. Thread-safe."""

    def __init__(self) -> None:
        self._answers: dict[str, int] = {}
        self._found: dict[tuple[str, str], UnstoredField] = {}
        self._lock = Lock()

    @property
    def fields(self) -> list[UnstoredField]:
        """The fields found so far."""
        with self._lock:
            return sorted(self._found.values(), key=lambda found: (found.object, found.field))

    def look(self, endpoint: Endpoint[Any], body: bytes) -> None:
        """Checks a response, if it is part of the sample.

        Args:
            endpoint: the requested endpoint.
            body: the JSON of the answer.
        """
        with self._lock:
            number = self._answers[endpoint.path] = self._answers.get(endpoint.path, 0) + 1
            if number % EVERY and (number > EVERY or number & (number - 1)):
                return
        try:
            answer = decode(body, dict[str, Any])
        except msgspec.DecodeError:
            # Passing over a value checks less than reading it: a number may be too large for any type.
            return
        with self._lock:
            self._search(answer, endpoint.answer, endpoint.path, "")

    def _search(self, value: dict[str, Any], kind: type[Struct], endpoint: str, place: str) -> None:
        inside, known = _inside(kind), _known(kind)
        if value.keys() - known:
            for name in value.keys() - known:
                self._note(kind, name, value[name], endpoint, place)
        for name, part in inside.items():
            held = value.get(name)
            if isinstance(held, dict):
                self._search(held, part, endpoint, f"{place}{name}.")
            elif isinstance(held, list):
                for element in held:
                    if isinstance(element, dict):
                        self._search(element, part, endpoint, f"{place}{name}[].")

    def _note(self, kind: type[Struct], name: str, value: object, endpoint: str, place: str) -> None:
        name = "".join(sign if sign.isprintable() else "?" for sign in name[:LONGEST])
        key, type_ = (kind.__name__, name), _TYPES.get(type(value), "null")
        before = self._found.get(key)
        if before is not None:
            types = "|".join(sorted({*before.type.split("|"), type_}))
            self._found[key] = msgspec.structs.replace(before, type=types, count=before.count + 1)
        elif len(self._found) < MOST:
            self._found[key] = UnstoredField(*key, place + name, endpoint, type_, 1)


def is_stored(object_: str, field: str) -> bool:
    """Whether this version stores a field, or leaves it aside for a reason: an earlier version may have reported it."""
    return any(kind.__name__ == object_ and field in _known(kind) for kind in _kinds())


def _kinds() -> set[type[Struct]]:
    """The classes of all objects that answers hold."""
    kinds: set[type[Struct]] = set()
    # An array of plain values holds none.
    left = [kind for endpoint in ENDPOINTS if (kind := _struct(endpoint.answer)) is not None]
    while left:
        kind = left.pop()
        if kind not in kinds:
            kinds.add(kind)
            left += _inside(kind).values()
    return kinds


@cache
def _known(kind: type[Struct]) -> frozenset[str]:
    return frozenset(kind.__struct_fields__) | LEFT_ASIDE.get(kind, {}).keys()


@cache
def _inside(kind: type[Struct]) -> Mapping[str, type[Struct]]:
    """The fields of an object that hold objects, or lists of them, and their class."""
    found = {name: _struct(hint) for name, hint in get_type_hints(kind).items()}
    return {name: struct for name, struct in found.items() if struct is not None}


def _struct(hint: Any) -> type[Struct] | None:
    if isinstance(hint, type) and issubclass(hint, Struct):
        return hint
    return next(filter(None, map(_struct, get_args(hint))), None)
