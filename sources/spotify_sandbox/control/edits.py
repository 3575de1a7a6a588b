"""The edits of worlds and playlists by name: what each takes, as JSON."""

from collections.abc import Callable
from random import Random
from typing import Any

import msgspec
from msgspec import Struct

from sources.spotify_sandbox.world.evolution import evolve
from sources.spotify_sandbox.world.playlist import Playlist
from sources.spotify_sandbox.world.world import World


class Nothing(Struct, forbid_unknown_fields=True):
    """An edit that needs no values."""


class Insert(Struct, forbid_unknown_fields=True):
    """Items by URI, null for a null item; the time as ``2026-11-22T12:00:00Z``."""

    items: list[str | None]
    position: int = 0
    added_by: str | None = None
    added_at: str | None = None


class Replace(Struct, forbid_unknown_fields=True):
    """Other items, by URI."""

    items: list[str]


class Remove(Struct, forbid_unknown_fields=True):
    """Positions from 0 on."""

    positions: list[int]


class Move(Struct, forbid_unknown_fields=True):
    """A range of entries and its new position, as in Spotify's reorder."""

    range_start: int
    insert_before: int
    range_length: int = 1


class Name(Struct, forbid_unknown_fields=True):
    """Another name."""

    name: str


class Text(Struct, forbid_unknown_fields=True):
    """Another description, with HTML entities, or null."""

    text: str | None


class Public(Struct, forbid_unknown_fields=True):
    """Whether a playlist shows in the owner's profile; null as Spotify's own."""

    public: bool | None


class Collaborative(Struct, forbid_unknown_fields=True):
    """Whether others may add."""

    collaborative: bool


class Owner(Struct, forbid_unknown_fields=True):
    """The id of another owner."""

    owner: str


class Create(Struct, forbid_unknown_fields=True):
    """A new playlist, of the signed-in user if no owner is named."""

    name: str
    owner: str | None = None
    public: bool | None = True
    collaborative: bool = False
    description: str | None = ""
    playlist_id: str | None = None


class Which(Struct, forbid_unknown_fields=True):
    """A playlist."""

    playlist_id: str


class RenameTrack(Struct, forbid_unknown_fields=True):
    """A track or an episode, and another name."""

    uri: str
    name: str


class Popularity(Struct, forbid_unknown_fields=True):
    """A track, and a popularity from 0 to 100."""

    uri: str
    popularity: int


class Restrict(Struct, forbid_unknown_fields=True):
    """A track, and the markets that still have it."""

    uri: str
    codes: tuple[str, ...] = ()


class Day(Struct, forbid_unknown_fields=True):
    """A day, as ``2020-06-30``."""

    day: str


class Evolve(Struct, forbid_unknown_fields=True):
    """A number of plausible changes, derived from the seed."""

    changes: int = 1
    seed: int = 1


Edits = dict[str, tuple[type[Struct], Callable[..., Any]]]

PLAYLIST_EDITS: Edits = {
    "insert": (Insert, Playlist.insert),
    "replace": (Replace, Playlist.replace),
    "remove": (Remove, Playlist.remove),
    "move": (Move, Playlist.move),
    "clear": (Nothing, Playlist.clear),
    "rename": (Name, Playlist.rename),
    "describe": (Text, Playlist.describe),
    "set_public": (Public, Playlist.set_public),
    "set_collaborative": (Collaborative, Playlist.set_collaborative),
    "transfer": (Owner, Playlist.transfer),
}


def _evolve(world: World, changes: int, seed: int) -> list[str]:
    return list(map(str, evolve(world, Random(seed), changes)))  # noqa: S311 - the same seed must do the same


WORLD_EDITS: Edits = {
    "create_playlist": (Create, World.create_playlist),
    "delete_playlist": (Which, World.delete_playlist),
    "unlist": (Which, World.unlist),
    "relist": (Which, World.relist),
    "rename_track": (RenameTrack, World.rename_track),
    "set_popularity": (Popularity, World.set_popularity),
    "restrict_track": (Restrict, World.restrict_track),
    "set_day": (Day, World.set_day),
    "evolve": (Evolve, _evolve),
}


def edit(edits: Edits, name: str, thing: World | Playlist, body: bytes) -> Any:
    """Apply the edit with a name to a world or a playlist, and return its result.

    Raises:
        KeyError: There is no such edit.
        msgspec.MsgspecError: The body is no JSON, or not what the edit takes.
        WorldError: The edit cannot be made.
    """
    takes, does = edits[name]
    values = msgspec.json.decode(body or b"{}", type=takes)
    return does(thing, **msgspec.structs.asdict(values))
