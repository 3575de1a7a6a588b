"""The stored state that reading plays needs (a protocol)."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple, Protocol


class KnownPlays(NamedTuple):
    """A user's stored plays that came from the API.

    Attributes:
        keys: those of the ones that were asked for.
        observed_at: when the newest was first read; null if there is none.
    """

    keys: frozenset[int] = frozenset()
    observed_at: datetime | None = None


class PlaysState(Protocol):
    """What is stored of plays."""

    def plays(self, user_id: str, keys: Collection[int]) -> KnownPlays:
        """Which of some plays are stored, as ones that came from the API.

        Args:
            user_id: the user.
            keys: the keys of the plays.
        """
