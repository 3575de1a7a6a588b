"""The stored state that reading collections needs (a protocol)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sources.spotify.resources.addition_identity import Identity


@dataclass(frozen=True, slots=True)
class KnownCollection:
    """What is stored of a user's collection.

    Attributes:
        item_keys: the keys of the newest snapshot, in order; null if the collection was never read.
        observed_at: when that was.
        checked_at: when all of it was last read.
        identities: the identities of all keys of the collection, also of removed items.
        doubted: whether its newest reading was not stored.
    """

    item_keys: list[int] | None = None
    observed_at: datetime | None = None
    checked_at: datetime | None = None
    identities: dict[int, Identity] = field(default_factory=dict)
    doubted: bool = False


class CollectionState(Protocol):
    """What is stored of users' libraries."""

    def saved(self, resource: str, user_id: str, collection: str) -> KnownCollection:
        """What is stored of a user's collection, which a resource reads."""
