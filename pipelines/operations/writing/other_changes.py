"""What `restore` changes besides the items: the details of a playlist, and whether it is in the library."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.operations.writing.details import Details
from sources.errors import ConfigurationError, ScopeError
from sources.spotify.api.client import Client
from sources.spotify.models.playlists import Playlist
from sources.spotify.writes.listing import is_listed, put_on_list


@dataclass(frozen=True, slots=True)
class OtherChanges:
    """Changes to a playlist other than to its items.

    Attributes:
        details: those that differ from the wanted ones; null if none are to be restored.
        is_unlisted: whether it was removed from the library and must be added again.
    """

    details: Details | None = None
    is_unlisted: bool = False

    @property
    def requests(self) -> int:
        """Number of requests needed."""
        return (self.details.requests if self.details is not None else 0) + self.is_unlisted

    def lines(self) -> list[str]:
        """One line per change, for users."""
        listed = ["It is no longer in your library, and is added to it again."] if self.is_unlisted else []
        return (self.details.lines() if self.details is not None else []) + listed

    def left(self) -> list[str]:
        """What cannot be restored, one sentence each."""
        return self.details.left() if self.details is not None else []

    def put_back(self, client: Client, playlist: Playlist) -> Iterator[None]:
        """Makes the changes, and yields after each request; idempotent."""
        if self.details is not None:
            yield from self.details.put_back(client, str(playlist.id))
        if self.is_unlisted:
            put_on_list(client, playlist)
            yield


NO_OTHER_CHANGES = OtherChanges()


def other_changes(client: Client, playlist: Playlist, described: Details | None, *, lists: bool) -> OtherChanges:
    """The changes that a playlist needs besides those to its items.

    Args:
        client: the API.
        playlist: as the API describes it now.
        described: the wanted details; null if they are not to be restored.
        lists: whether it must be in the library.

    Raises:
        ConfigurationError: the playlist belongs to another user, so its details cannot be changed.
        PlaylakeError: the current state cannot be read.
    """
    owner = playlist.owner.id if playlist.owner is not None else None
    if described is not None and owner != client.whoami():
        whose = f"Playlist {playlist.id} ({playlist.name}) belongs to {owner}"
        msg = f"{whose}, and only they may change its details: leave out --details."
        raise ConfigurationError(msg)
    try:
        is_unlisted = lists and not is_listed(client, str(playlist.id))
    except ScopeError:
        # It cannot be found out with these scopes, and the items do not depend on it.
        is_unlisted = False
    return OtherChanges(None if described is None else described.differing(playlist), is_unlisted)
