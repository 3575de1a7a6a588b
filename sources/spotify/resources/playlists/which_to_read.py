"""Plans which playlists a sync reads: those named, or those of the user that may have changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sources.errors import ConfigurationError
from sources.spotify.api.client import Client
from sources.spotify.api.pagination import ListSeen, my_playlists
from sources.spotify.config import Settings
from sources.spotify.models.playlists import Playlist
from sources.spotify.resources.audit import next_audit
from sources.spotify.resources.playlists.lookup import Lookup
from sources.spotify.resources.playlists.state import KnownPlaylist


@dataclass(frozen=True, slots=True)
class Task:
    """A playlist that a sync may read.

    Attributes:
        playlist_id: which.
        known: what the destination knows of it.
        listed: as the user's list describes it; null if it was asked for by id.
        unchanged: its snapshot says that there is nothing to read.
        known_snapshot_id: reading may stop after its first request if this is still its snapshot.
    """

    playlist_id: str
    known: KnownPlaylist
    listed: Playlist | None = None
    unchanged: bool = False
    known_snapshot_id: str | None = None


def named(references: Sequence[str], known: Lookup[KnownPlaylist], settings: Settings, now: datetime) -> Iterator[Task]:
    """A task for each playlist asked for by id, once."""
    for playlist_id in dict.fromkeys(references):
        playlist = known.get(playlist_id) or KnownPlaylist()
        fresh = _is_fresh(playlist_id, playlist, None, settings, now) and _is_whole(playlist)
        yield Task(playlist_id, playlist, known_snapshot_id=playlist.snapshot_id if fresh else None)


def listed(client: Client, seen: ListSeen) -> list[Playlist | None]:
    """The playlists of the user's list, null for one that Spotify hides; `seen` records the list.

    Raises:
        ConfigurationError: the token belongs to the app and not to a user.
        PlaylakeError: the list could not be read to its end.
    """
    if not client.is_user:
        msg = (
            "An app without a user has no list of playlists: name the playlists to sync, or set "
            "sources.spotify.credentials.refresh_token."
        )
        raise ConfigurationError(msg)
    return [playlist if playlist is not None and playlist.id else None for playlist in my_playlists(client, seen)]


def seen_in_list(
    playlist: Playlist, user_id: str | None, known: Lookup[KnownPlaylist], settings: Settings, now: datetime
) -> Task:
    """The task for a playlist of a list, which the user with this id is shown."""
    playlist_id = str(playlist.id)
    stored = known.get(playlist_id) or KnownPlaylist()
    fresh = _is_fresh(playlist_id, stored, user_id, settings, now)
    return Task(playlist_id, stored, playlist, unchanged=fresh and _is_same(playlist, stored, user_id))


def _is_same(playlist: Playlist, known: KnownPlaylist, user_id: str | None) -> bool:
    """Whether the snapshot id is the last one read, and is reliable: not if it was seen with two contents."""
    if not playlist.snapshot_id:
        return False
    if known.withheld_snapshot_id(user_id) == playlist.snapshot_id:
        return True
    return _is_whole(known) and not playlist.is_spotifys and known.snapshot_id == playlist.snapshot_id


def _is_whole(known: KnownPlaylist) -> bool:
    """Whether everything that was read of it is stored, and was plausible."""
    return known.access == "readable" and not known.lacks_additions and known.doubted is None


def _is_fresh(playlist_id: str, known: KnownPlaylist, user_id: str | None, settings: Settings, now: datetime) -> bool:
    """Whether an unchanged snapshot is enough: no full reading was requested, and no audit is due."""
    checked_at = known.checked_at(user_id)
    if settings.full or checked_at is None:
        return False
    return now < next_audit(playlist_id, checked_at, settings.audit_after)
