"""What the Web API answers about what a user saved.

https://developer.spotify.com/documentation/web-api/reference/get-users-saved-tracks and related pages.
"""

from msgspec import UNSET, Struct

from sources.spotify.models.answers import Int, Item, Show
from sources.spotify.models.catalogue import FullAlbum


class SavedAlbum(FullAlbum, gc=False):
    """An album in a user's library, in full but for its tracks, of which only the first 50 come."""

    @property
    def is_full(self) -> bool:
        """Whether nothing more has to be requested."""
        return bool(self.id and self.name) and self.listed is not UNSET


class SavedEntry(Struct, gc=False):
    """Something that a user saved: one of its fields says what."""

    added_at: str | None = None
    track: Item | None = None
    album: SavedAlbum | None = None
    episode: Item | None = None
    show: Show | None = None


class SavedPage(Struct, gc=False):
    """A page of what a user saved; null stands for what is gone."""

    items: list[SavedEntry | None] | None = None
    total: Int | None = None
