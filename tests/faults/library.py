"""Faults of the library: its list shows other playlists than there are, or playlists go and are emptied meanwhile."""

from typing import Any

from sources.spotify_sandbox import World
from tests.faults.data import page_changed, rows_changed
from tests.faults.fault import DESCRIBED, HISTORY, Fault
from tests.faults.injection import Injection

LISTINGS = ("playlist_listings", "playlist_descriptions")
"""Where it is kept for good that a playlist was once not in the list."""


def one_less(page: dict[str, Any]) -> None:
    """A playlist is missing, and the total agrees."""
    del page["items"][-1]
    page["total"] -= 1


def empty(page: dict[str, Any]) -> None:
    """There is nothing, and the total agrees."""
    page["items"], page["total"], page["next"] = [], 0, None


def without_rows(injection: Injection) -> None:
    """As many playlists as ever, and none of them is shown."""
    page_changed(lambda page: page["items"].clear())(injection)


def delete_the_longest(world: World) -> None:
    """Its owner deletes a playlist."""
    world.delete_playlist(max(world.listed(), key=len).id)


def empty_the_longest(world: World) -> None:
    """Its owner takes everything off a playlist."""
    playlist = max(world.listed(), key=len)
    playlist.remove(range(len(playlist)))


MISSING = "a list that agrees with itself is believed; the next one shows the playlist again"

FAULTS = (
    Fault(
        "library",
        "playlist missing from the list",
        ("listing",),
        unseen=True,
        inside=page_changed(one_less),
        leaves={"listing": LISTINGS},
        why=MISSING,
    ),
    Fault(
        "library",
        "playlist missing, and counted",
        ("listing",),
        unseen=True,
        inside=rows_changed(lambda rows: rows.pop()),
    ),
    Fault(
        "library",
        "list of nothing",
        ("listing",),
        unseen=True,
        inside=page_changed(empty),
        leaves={"listing": LISTINGS},
        why=MISSING,
    ),
    Fault("library", "list without its rows", ("listing",), ends=1, says="shows none", inside=without_rows),
    Fault(
        "library",
        "playlist shown as empty",
        ("reading",),
        says="was emptied",
        unseen=True,
        inside=page_changed(empty),
        next_options={"reading": ("--full",)},
        leaves={"reading": (*HISTORY, *DESCRIBED)},
        why="contents that agree with themselves are believed, until the next audit",
    ),
    Fault(
        "library",
        "playlist deleted meanwhile",
        ("reading",),
        ends=4,
        world=delete_the_longest,
        meanwhile=True,
        leaves={"reading": ("playlists", *DESCRIBED)},
        why="it was still in the list, and its contents were not to be had any more",
    ),
    Fault("library", "playlist emptied meanwhile", ("reading",), world=empty_the_longest, meanwhile=True),
)
