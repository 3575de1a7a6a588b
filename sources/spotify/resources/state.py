"""What resources may ask of a destination; which destination it is they do not know."""

from datetime import datetime
from typing import Protocol

from sources.spotify.models.rows import CoverCheck
from sources.spotify.resources.catalogue.state import CatalogueState
from sources.spotify.resources.known_browse import BrowseState
from sources.spotify.resources.known_collection import SavedState
from sources.spotify.resources.known_list import RankedState
from sources.spotify.resources.known_personal import PersonalState
from sources.spotify.resources.known_plays import PlaysState
from sources.spotify.resources.playlists.known import PlaylistState


class CoverState(Protocol):
    """What is stored of covers."""

    def cover_checks(self) -> dict[str, CoverCheck]:
        """How the last look at each playlist's cover ended, by the playlist's id; not of covers that are lost."""

    def kept_pictures(self) -> set[str]:
        """Hashes of the pictures that are there."""


class RunState(Protocol):
    """What is stored of earlier runs."""

    def resume_at(self, client_id: str | None) -> datetime | None:
        """Until when an app was asked to wait, whichever of its users was asked; null if it never was."""

    def users(self) -> list[str]:
        """The users who synced here, whoever came first before the others."""

    def check_order(self, run_id: str, started_at: datetime, ended_at: datetime) -> None:
        """Refuses to write an earlier run after a later one: states are told apart by the time they were seen at.

        Raises:
            DestinationError: the run is there already, or something later is.
        """


class State(
    PlaylistState,
    CoverState,
    SavedState,
    RankedState,
    BrowseState,
    PlaysState,
    PersonalState,
    CatalogueState,
    RunState,
    Protocol,
):
    """All of it."""
