"""The stored state that reading users, players and devices needs (a protocol)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from sources.spotify.resources.catalogue.state import Wanted


class KnownPlayer(NamedTuple):
    """The newest state of a player that is stored: when it was seen, and its columns."""

    observed_at: datetime
    columns: Mapping[str, Any]


class PersonalState(Protocol):
    """What is stored of users, players and devices."""

    def user(self, user_id: str) -> Mapping[str, Any]:
        """The columns of a user's row; none if there is no row, or an earlier version wrote it."""

    def wanted_users(self, subject: str, before: datetime, limit: int, *, but: str) -> Wanted:
        """Users whom the lake mentions and who were not asked for lately, those who own and added most first.

        Args:
            subject: as in `catalogue_reads`.
            before: readings that are not younger are too old.
            limit: how many ids to give.
            but: ids of users to leave out.
        """

    def player(self, user_id: str) -> KnownPlayer | None:
        """The newest state of a user's player."""

    def devices(self) -> dict[str, Mapping[str, Any]]:
        """The columns of each device's row, by its id."""
