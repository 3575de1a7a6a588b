"""The stored state that reading ranked lists needs (a protocol)."""

from datetime import datetime
from typing import NamedTuple, Protocol


class KnownList(NamedTuple):
    """The newest state of a list that is stored."""

    item_uris: list[str | None]
    observed_at: datetime


class RankedState(Protocol):
    """What is stored of lists that Spotify ranks."""

    def ranked_lists(self, name: str, user_id: str = "") -> dict[str, KnownList]:
        """The newest state of each list of a name, by its subject.

        Args:
            name: as in the column `list`.
            user_id: the user; an empty text for lists that are the same for all users.
        """
