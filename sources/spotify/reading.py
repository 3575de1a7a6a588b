"""Reads one playlist: a whole state of it, in the fewest requests, or nothing."""

from dataclasses import dataclass, field

from sources.errors import ChangedWhileReading, ForbiddenError, NotFoundError
from sources.spotify.client import Client
from sources.spotify.endpoints import PLAYLIST, PLAYLIST_ITEMS, PLAYLIST_TRACKS, Endpoint
from sources.spotify.keys import Identity
from sources.spotify.objects import EntriesPage, Entry, Playlist
from sources.spotify.paging import next_offset

ATTEMPTS = 3
TYPES = "track,episode"
"""Without this, episodes come dressed up as tracks."""


@dataclass(slots=True)
class Reading:
    """What reading a playlist gave.

    Attributes:
        playlist: its description.
        entries: all its entries in order; null if the app may not see them.
        unchanged: its snapshot was the known one, so the rest was not read.
    """

    playlist: Playlist
    entries: list[Entry] | None = None
    unchanged: bool = False
    pages: int = field(default=1)


def read_playlist(client: Client, playlist_id: str, known_snapshot_id: str | None = None) -> Reading:
    """A whole state: the snapshot is the same before and after, and the rows are as many as `total` says.

    `1 + ceil(max(0, n - 100) / 50)` requests for n entries, and one more to compare snapshots if there was
    more than one page. Otherwise it is read again; two equal readings in a row also count as whole, since the
    snapshot of generated lists may move without reason.

    Args:
        client: the API.
        playlist_id: which.
        known_snapshot_id: stop after the first request if this is still its snapshot.

    Raises:
        NotFoundError: it is gone, or hidden from this app.
        ChangedWhileReading: it kept changing.
    """
    before: list[Identity] | None = None
    for _ in range(ATTEMPTS):
        playlist = client.get(PLAYLIST, playlist_id, additional_types=TYPES)
        if known_snapshot_id is not None and playlist.snapshot_id == known_snapshot_id:
            return Reading(playlist, unchanged=True)
        try:
            entries, pages = _entries(client, playlist_id, playlist)
        except ForbiddenError:
            return Reading(playlist)
        if entries is None:
            return Reading(playlist, pages=pages)
        if pages == 1 and _is_whole(playlist, entries):
            return Reading(playlist, entries, pages=pages)
        seen = [identity(entry) for entry in entries]
        if _is_whole(playlist, entries) and (seen == before or _same_snapshot(client, playlist_id, playlist)):
            return Reading(playlist, entries, pages=pages)
        before = seen
    msg = f"Playlist {playlist_id} kept changing while it was read ({ATTEMPTS} times): the next sync reads it."
    raise ChangedWhileReading(msg)


def identity(entry: Entry) -> Identity:
    """What tells an entry from others: the URI as it was added, when, and by whom."""
    content = entry.content
    uri = None
    if content is not None:
        link = content.linked_from
        uri = link.uri if link is not None and link.uri else content.uri
    return uri, entry.added_at, (entry.added_by.id or None) if entry.added_by is not None else None


def _entries(client: Client, playlist_id: str, playlist: Playlist) -> tuple[list[Entry] | None, int]:
    """All entries, and how many pages they took; null if contents are withheld."""
    page = playlist.contents
    if page is None:
        return None, 1
    rows = page.items or []
    entries = [row or Entry() for row in rows]
    offset = next_offset(page, 0, len(rows)) if page.items is not None else 0
    pages = 1
    endpoint = PLAYLIST_ITEMS if isinstance(playlist.items, EntriesPage) else PLAYLIST_TRACKS
    while offset is not None:
        page = _page(client, playlist, playlist_id, endpoint, offset)
        rows = page.items or []
        entries += [row or Entry() for row in rows]
        offset = next_offset(page, offset, len(rows))
        pages += 1
    return entries, pages


def _page(
    client: Client, playlist: Playlist, playlist_id: str, endpoint: Endpoint[EntriesPage], offset: int
) -> EntriesPage:
    try:
        return client.get(endpoint, playlist_id, limit=endpoint.limit, offset=offset, additional_types=TYPES)
    except (ForbiddenError, NotFoundError):
        # The shape of the transition names both, and only one path may be open.
        if endpoint is PLAYLIST_TRACKS or not isinstance(playlist.tracks, EntriesPage):
            raise
        return client.get(PLAYLIST_TRACKS, playlist_id, limit=endpoint.limit, offset=offset, additional_types=TYPES)


def _is_whole(playlist: Playlist, entries: list[Entry]) -> bool:
    page = playlist.contents
    return page is not None and (page.total is None or page.total == len(entries))


def _same_snapshot(client: Client, playlist_id: str, playlist: Playlist) -> bool:
    after = client.get(PLAYLIST, playlist_id, fields="snapshot_id")
    return after.snapshot_id == playlist.snapshot_id
