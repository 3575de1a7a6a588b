"""The types of reading a user's collection: an entry, and a full reading of all entries."""

from typing import Any, NamedTuple, Protocol

from sources.spotify.api.endpoints import Endpoint
from sources.spotify.resources.addition_identity import Identity, identity_of
from sources.spotify.resources.base import Context
from sources.spotify.resources.collection_state import KnownCollection
from sources.spotify.resources.hidden_entries import NOBODY

ATTEMPTS = 3
"""How often a list is read that changes while it is read."""


class Saved(NamedTuple):
    """An entry of a collection.

    Attributes:
        added_at: when it was saved, as Spotify writes it.
        item: what was saved, the object of a table's row.
    """

    added_at: str | None
    item: Any

    @property
    def uri(self) -> str | None:
        """The item's URI as it was saved."""
        return identity_of(self.item, self.added_at)[0]

    @property
    def identity(self) -> Identity | None:
        """The identity of the entry; without a URI if the item is gone, null if it has no time either."""
        found = identity_of(self.item, self.added_at)
        return None if found == NOBODY else found


class Reading(NamedTuple):
    """A whole state of a collection.

    Attributes:
        identities: the identities of all entries, in order.
        entries: the entries that Spotify showed.
        is_whole: whether all of it was read, and not only what seemed to have changed.
        was_due: whether it was read whole because an audit was due.
        pages: how many pages that took.
        doubt: why it may be incomplete, as the end of a sentence that begins with the collection.
    """

    identities: list[Identity | None]
    entries: list[Saved]
    is_whole: bool
    was_due: bool
    pages: int
    doubt: str | None = None


class Reader(Protocol):
    """The interface of readers of a collection."""

    @property
    def endpoint(self) -> Endpoint[Any]:
        """The endpoint of the collection's pages."""

    def __call__(self, ctx: Context, known: KnownCollection, subject: str, /) -> Reading:
        """The current contents of the collection.

        Args:
            ctx: the context of the run.
            known: the stored state of the collection.
            subject: a unique text for the user and the collection.

        Raises:
            ChangedWhileReading: the collection kept changing.
            ApiError: an answer is not what it should be.
        """
