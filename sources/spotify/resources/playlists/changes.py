"""What changed on playlists, with a few titles, for the report at the end of a run. The tables have all of it."""

from collections.abc import Iterator, Sequence

from sources.spotify.models.answers import Entry
from sources.spotify.models.news import Change
from sources.spotify.resources.playlists.diff import Facts
from sources.spotify.resources.playlists.state import PlaylistState

NAMED = 2
"""Titles that are reported of a playlist's added items, and of its removed ones."""
TOLD = 5
"""Playlists that are reported with titles: those with the most changes."""


def change_of(playlist_id: str, entries: Sequence[Entry], found: Facts) -> Change | None:
    """How a playlist differs from its state before; null if it does not, or only its name and description do.

    Args:
        playlist_id: the playlist.
        entries: all that is on it, in order.
        found: how it differs.
    """
    moved = len(found.snapshot.moved_keys or ()) if found.snapshot is not None else 0
    change = Change(playlist_id, len(entries), found.new_items, found.removed_items, moved, found.before is None)
    if change.is_first:
        return change
    if not (change.new_items or change.removed_items or moved):
        return None
    change.added = list(_first(_titles_of_new(entries, found)))
    change.removed_uris = list(_first(_uris_of_removed(found)))
    return change


def largest(changes: Sequence[Change]) -> list[Change]:
    """Changes of playlists that were known before, those with the most items first."""
    known = [change for change in changes if not change.is_first]
    return sorted(known, key=lambda change: (-change.new_items - change.removed_items, -change.moved_items))


def name_removed(changes: Sequence[Change], state: PlaylistState) -> None:
    """Adds the titles of removed items to the largest changes; only the destination knows them."""
    told = largest(changes)[:TOLD]
    titles = state.titles([uri for change in told for uri in change.removed_uris])
    for change in told:
        change.removed = [titles[uri] for uri in change.removed_uris if uri in titles]


def _titles_of_new(entries: Sequence[Entry], found: Facts) -> Iterator[str | None]:
    had = set(found.before or ())
    for entry, key in zip(entries, found.keys, strict=True):
        if key not in had and entry.content is not None:
            yield entry.content.name


def _uris_of_removed(found: Facts) -> Iterator[str | None]:
    kept = set(found.keys)
    for key in found.before or ():
        if key not in kept and key in found.identities:
            yield found.identities[key][0]


def _first(found: Iterator[str | None]) -> Iterator[str]:
    """The first few different ones."""
    seen = set[str]()
    for text in found:
        if text and text not in seen:
            seen.add(text)
            yield text
        if len(seen) == NAMED:
            return
