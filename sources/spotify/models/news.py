"""What a run tells people, and stores nowhere: how playlists changed, left the library or were emptied."""

from msgspec import Struct


class News(Struct, gc=False):
    """News for people that is no error: a playlist that left the library or was emptied.

    Attributes:
        playlist_id: the playlist.
        name: its name, or else its id.
        event: `left` (the library) or `emptied`.
        items: how many there were on it, as far as is known.
        message: the same in a sentence.
    """

    playlist_id: str
    name: str
    event: str
    items: int | None
    message: str


class Change(Struct):
    """How a playlist differs from the state that was stored before, for people.

    Attributes:
        playlist_id: the playlist.
        items: how many are on it now.
        new_items: how many were added.
        removed_items: how many were removed.
        moved_items: how many were moved relative to the others.
        is_first: whether it was never read before.
        added: titles of some added items.
        removed: titles of some removed items.
        removed_uris: the URIs of the removed items.
    """

    playlist_id: str
    items: int
    new_items: int
    removed_items: int
    moved_items: int
    is_first: bool
    added: list[str] = []
    removed: list[str] = []
    removed_uris: list[str] = []
