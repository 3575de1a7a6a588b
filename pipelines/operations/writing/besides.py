"""What comes back besides the items: how a playlist was described, and its place in the library."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.operations.writing.details import Details
from sources.errors import ConfigurationError, ScopeError
from sources.spotify.api.client import Client
from sources.spotify.models.playlists import Playlist
from sources.spotify.writes.listing import is_listed, put_on_list


@dataclass(frozen=True, slots=True)
class Besides:
    """What else is to be done to a playlist.

    Attributes:
        details: how it is to be described, as far as that is not so already.
        is_unlisted: whether it was taken off the library, and is to be put back there.
    """

    details: Details | None = None
    is_unlisted: bool = False

    @property
    def requests(self) -> int:
        """How many requests it takes."""
        return (self.details.requests if self.details is not None else 0) + self.is_unlisted

    def lines(self) -> list[str]:
        """What is done, for people."""
        listed = ["It is not in your library any more, and is put back there."] if self.is_unlisted else []
        return (self.details.lines() if self.details is not None else []) + listed

    def left(self) -> list[str]:
        """What cannot be done, a sentence each."""
        return self.details.left() if self.details is not None else []

    def put_back(self, client: Client, playlist: Playlist) -> Iterator[None]:
        """Does it, and yields after each request; to do it once more changes nothing."""
        if self.details is not None:
            yield from self.details.put_back(client, str(playlist.id))
        if self.is_unlisted:
            put_on_list(client, playlist)
            yield


NOTHING = Besides()


def besides(client: Client, playlist: Playlist, described: Details | None, *, lists: bool) -> Besides:
    """What has to be done to a playlist besides its items.

    Args:
        client: the API.
        playlist: as the API describes it now.
        described: how it is to be described, if that is wanted.
        lists: whether it is to be in the library.

    Raises:
        ConfigurationError: it is not the user's to be described.
        PlaylakeError: the API does not say what is so already.
    """
    owner = playlist.owner.id if playlist.owner is not None else None
    if described is not None and owner != client.whoami():
        whose = f"Playlist {playlist.id} ({playlist.name}) belongs to {owner}"
        msg = f"{whose}, who alone may change its details: leave out --details."
        raise ConfigurationError(msg)
    try:
        is_unlisted = lists and not is_listed(client, str(playlist.id))
    except ScopeError:
        # Nobody can tell, and the items do not depend on it.
        is_unlisted = False
    return Besides(None if described is None else described.differing(playlist), is_unlisted)
