"""What the destination knows of plays, and the question that reading them asks it."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple, Protocol


class KnownPlays(NamedTuple):
    """What is stored of a user's plays as the API told them.

    Attributes:
        keys: those of the ones that were asked for.
        observed_at: when the newest was first read; null if there is none.
    """

    keys: frozenset[int] = frozenset()
    observed_at: datetime | None = None


class PlaysState(Protocol):
    """What is stored of plays."""

    def plays(self, user_id: str, keys: Collection[int]) -> KnownPlays:
        """Which of some plays are stored, as the API told them.

        Args:
            user_id: whose.
            keys: of the plays.
        """
