"""Reads one playlist consistently, in the fewest requests: a full state of it, or none."""

from dataclasses import dataclass, field

from sources.errors import ApiError, ChangedWhileReading, ForbiddenError, NotFoundError
from sources.spotify.api.client import Client
from sources.spotify.api.endpoints import PLAYLIST, PLAYLIST_ITEMS, PLAYLIST_TRACKS, Endpoint
from sources.spotify.api.pagination import next_offset, pages
from sources.spotify.models.answers import EntriesPage, Entry
from sources.spotify.models.playlists import Playlist
from sources.spotify.resources.addition_identity import Identity, identity
from sources.spotify.resources.hidden_entries import kept_entries

ATTEMPTS = 3
_FEW = 10
"""Pages with fewer rows than this may be equal by chance."""
TYPES = "track,episode"
"""Without this, episodes come in the shape of tracks."""


@dataclass(slots=True)
class Reading:
    """The result of reading a playlist.

    Attributes:
        playlist: the playlist's description.
        entries: all its entries in order; null if the app may not see them.
        unchanged: whether the snapshot was the known one, so that the rest was not read.
        pages: how many there were.
        lacking: how many entries fewer than its total says, in two readings; negative if there are more.
        repeated: how many pages hold what an earlier one holds, as from a cache that ignores the offset.
    """

    playlist: Playlist
    entries: list[Entry] | None = None
    unchanged: bool = False
    pages: int = field(default=1)
    lacking: int = 0
    repeated: int = 0


def read_playlist(client: Client, playlist_id: str, known_snapshot_id: str | None = None) -> Reading:
    """A whole state: the snapshot is the same before and after, and the rows are as many as `total` says.

    `1 + ceil(max(0, n - 100) / 50)` requests for n entries, and one more to compare snapshots if there was
    more than one page. Otherwise it is read again; two equal readings in a row also count as whole, since the snapshot
    of generated lists may change without a reason, and the total may be permanently wrong.

    Args:
        client: the API.
        playlist_id: which.
        known_snapshot_id: stop after the first request if this is still its snapshot, and can be trusted.

    Raises:
        NotFoundError: the playlist is gone, or hidden from this app.
        ForbiddenError: the app may not even see the playlist's description.
        ChangedWhileReading: the playlist kept changing.
        ApiError: an answer is not what it should be.
    """
    before: tuple[list[Identity], int] | None = None
    for _ in range(ATTEMPTS):
        playlist = client.get(PLAYLIST, playlist_id, additional_types=TYPES)
        if not playlist.id:
            msg = f"{client.url(PLAYLIST, playlist_id)} answered something that is not a playlist: check api_url."
            raise ApiError(msg, 200)
        if known_snapshot_id is not None and playlist.snapshot_id == known_snapshot_id and not playlist.is_spotifys:
            return Reading(playlist, unchanged=True)
        try:
            read = _pages(client, playlist_id, playlist)
        except (ForbiddenError, NotFoundError) as error:
            first = playlist.contents
            if isinstance(error, ForbiddenError) and not (first and first.items):
                return Reading(playlist)
            # Its first entries were shown, so this is not a playlist whose contents are withheld.
            msg = f"Playlist {playlist_id} could only be read in part ({error}): the next sync reads it again."
            raise ApiError(msg, error.status) from None
        if read is None:
            return Reading(playlist)
        entries, count = kept_entries(row for page in read for row in page.items or ()), len(read)
        if count == 1 and not _lacking(playlist, entries):
            return Reading(playlist, entries, pages=count)
        lacking = _lacking(playlist, entries)
        seen = [identity(entry) for entry in entries], lacking
        if seen == before or (not lacking and _same_snapshot(client, playlist_id, playlist)):
            return Reading(playlist, entries, pages=count, lacking=lacking, repeated=_repeated(read, seen[0]))
        before = seen
    msg = f"Playlist {playlist_id} was not seen whole in {ATTEMPTS} readings: it kept changing. The next sync reads it."
    raise ChangedWhileReading(msg)


def _pages(client: Client, playlist_id: str, playlist: Playlist) -> list[EntriesPage] | None:
    """All pages of entries; null if contents are withheld.

    A page of which only `total` was sent, as in lists, is asked for as well.
    """
    first = playlist.contents
    if first is None:
        return None
    read = [first]
    offset: int | None = 0
    if first.items is not None:
        offset = next_offset(first, 0, client.url(PLAYLIST, playlist_id))
    if offset is not None:
        read += _rest(client, playlist_id, playlist, offset)
    return read


def _repeated(read: list[EntriesPage], entries: list[Identity]) -> int:
    """How many pages are the same as the beginning, which has a size of its own, or as an earlier one."""
    seen: set[tuple[Identity, ...]] = set()
    repeated = end = 0
    for page in read:
        start, end = end, end + len(page.items or ())
        shown = tuple(entries[start:end])
        if len(shown) >= _FEW and start and (shown in seen or shown == tuple(entries[: len(shown)])):
            repeated += 1
        seen.add(shown)
    return repeated


def _rest(client: Client, playlist_id: str, playlist: Playlist, offset: int) -> list[EntriesPage]:
    """The pages from an offset on, from the path that the answer names first, else from the other one.

    In the API mode `transition` answers name both paths, and an answer may name a path that the app no longer has.

    Raises:
        ForbiddenError: the app may use neither path.
        NotFoundError: the playlist is gone.
    """
    first, *others = _paths(playlist)
    try:
        return list(pages(client, first, playlist_id, offset=offset, additional_types=TYPES))
    except (ForbiddenError, NotFoundError):
        if not others:
            raise
        return list(pages(client, others[0], playlist_id, offset=offset, additional_types=TYPES))


def _paths(playlist: Playlist) -> list[Endpoint[EntriesPage]]:
    if not isinstance(playlist.items, EntriesPage):
        return [PLAYLIST_TRACKS, PLAYLIST_ITEMS]
    return [PLAYLIST_ITEMS, PLAYLIST_TRACKS] if isinstance(playlist.tracks, EntriesPage) else [PLAYLIST_ITEMS]


def _lacking(playlist: Playlist, entries: list[Entry]) -> int:
    """How many entries there are fewer than the total; 0 if there is no total."""
    page = playlist.contents
    return page.total - len(entries) if page is not None and page.total is not None else 0


def _same_snapshot(client: Client, playlist_id: str, playlist: Playlist) -> bool:
    """Whether the snapshot id is still that of the first page; an answer without one proves nothing."""
    if playlist.snapshot_id is None:
        return False
    return client.get(PLAYLIST, playlist_id, fields="snapshot_id").snapshot_id == playlist.snapshot_id
