"""Doubts: full readings that are implausible, because their contents contradict what is stored.

Such a playlist is read again. If the contents stay implausible they are not stored, until the next sync sees the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from sources.spotify.models.times import parse_time
from sources.spotify.resources.playlists.consistent_reading import Reading
from sources.spotify.resources.playlists.diff import Facts
from sources.spotify.resources.playlists.which_to_read import Task


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a reading is not stored at once.

    Attributes:
        reason: what the reading shows, as part of a sentence.
        mark: a hash of the contents, to recognise them in the next sync.
    """

    reason: str
    mark: str


def doubt_of(task: Task, reading: Reading, found: Facts) -> Doubt | None:
    """The doubt about a reading; null if it is plausible.

    Args:
        task: the playlist.
        reading: what was read.
        found: how it compares with the newest stored state.
    """
    reason = _short(reading, found) or _repeated(reading, found)
    # Skip Spotify's own playlists: their snapshot_id is unreliable.
    if reason is None and found.before is not None and not reading.playlist.is_spotifys:
        is_same = bool(reading.playlist.snapshot_id) and reading.playlist.snapshot_id == task.known.snapshot_id
        if is_same and not _keeps_all_in_order(found.keys, found.before):
            reason = f"{_entries(found.keys)} other than the {len(found.before):,} before, under the same snapshot_id"
        else:
            reason = _blanked(reading, found)
    if reason is None:
        return None
    text = " ".join(map(str, (reading.lacking, *found.keys)))
    return Doubt(reason, blake2b(text.encode(), digest_size=16).hexdigest())


def _keeps_all_in_order(keys: list[int], before: list[int]) -> bool:
    """Whether no earlier key is missing or moved: a lagging snapshot_id adds keys, an error of Spotify loses them."""
    left = iter(keys)
    return all(key in left for key in before)


def _short(reading: Reading, found: Facts) -> str | None:
    """The reason if rows are missing from `total`; one row a page may be hidden, if no earlier addition is missing."""
    rows = len(found.keys)
    if reading.lacking <= 0 or (rows > 0 and reading.lacking <= reading.pages and not found.removed_items):
        return None
    return f"{_entries(found.keys)}, although its total says {rows + reading.lacking:,}"


def _repeated(reading: Reading, found: Facts) -> str | None:
    """The reason if pages came twice, and earlier additions are missing: they should have been on them."""
    if not reading.repeated or not found.removed_items:
        return None
    pages = "a page" if reading.repeated == 1 else f"{reading.repeated:,} pages"
    return f"{_entries(found.keys)}, of which {pages} came twice"


def _blanked(reading: Reading, found: Facts) -> str | None:
    """The reason if all items or all dates are missing, there were some before, and it is not that those were removed.

    What is left when the last item or date is removed was all there before.
    """
    entries, before = reading.entries or [], found.before or []
    if set(found.keys) <= set(before):
        return None
    had = [found.identities[key] for key in before if key in found.identities]
    if any(uri for uri, _ in had) and all(entry.content is None for entry in entries):
        return f"{_entries(found.keys)} without any item"
    if any(when is not None for _, when in had) and not any(parse_time(entry.added_at) for entry in entries):
        return f"{_entries(found.keys)} without any date"
    return None


def _entries(keys: Iterable[int]) -> str:
    count = len(list(keys))
    return "1 entry" if count == 1 else f"{count:,} entries"
