"""The `State` protocol: the stored state that resources need, whatever the destination."""

from datetime import datetime
from typing import Protocol

from sources.spotify.models.rows import CoverCheck
from sources.spotify.resources.browse_state import BrowseState
from sources.spotify.resources.catalogue.state import CatalogueState
from sources.spotify.resources.collection_state import CollectionState
from sources.spotify.resources.personal_state import PersonalState
from sources.spotify.resources.playlists.state import PlaylistState
from sources.spotify.resources.plays_state import PlaysState
from sources.spotify.resources.ranked_list_state import RankedState


class CoverState(Protocol):
    """What is stored of covers."""

    def cover_checks(self) -> dict[str, CoverCheck]:
        """The result of the last check of each playlist's cover, by playlist id; not of covers that are lost."""

    def kept_pictures(self) -> set[str]:
        """Hashes of the stored pictures."""


class RunState(Protocol):
    """What is stored of earlier runs."""

    def resume_at(self, client_id: str | None) -> datetime | None:
        """Until when an app was asked to wait, whichever of its users was asked; null if it never was."""

    def users(self) -> list[str]:
        """The users who synced here, in the order of their first sync."""

    def check_order(self, run_id: str, started_at: datetime, ended_at: datetime) -> None:
        """Refuses to write an earlier run after a later one, since states are ordered by the time of observation.

        Raises:
            DestinationError: the run is there already, or something later is.
        """


class State(
    PlaylistState,
    CoverState,
    CollectionState,
    RankedState,
    BrowseState,
    PlaysState,
    PersonalState,
    CatalogueState,
    RunState,
    Protocol,
):
    """Everything that resources need."""
