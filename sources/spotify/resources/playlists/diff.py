"""Compares a reading with the stored state: new additions, their authors, and a snapshot if it differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sources.errors import CollisionError
from sources.spotify.models.answers import Entry
from sources.spotify.models.rows import Addition, AdditionAuthor, Snapshot
from sources.spotify.models.times import parse_time
from sources.spotify.resources.addition_identity import Identity
from sources.spotify.resources.addition_keys import item_keys, moved_keys
from sources.spotify.resources.playlists.relinking import as_recorded, may_be_relinked
from sources.spotify.resources.playlists.stored_contents import StoredContents
from sources.spotify.resources.playlists.which_to_read import Task


@dataclass(frozen=True, slots=True)
class Facts:
    """Rows for the fact tables.

    Attributes:
        additions: the additions that were never stored, in no earlier state either.
        authors: who made additions that are stored with another author, or with none.
        snapshot: null if neither the contents nor the snapshot id changed.
        new_items: how many keys are new.
        removed_items: how many keys are gone.
        keys: the keys of the contents that were read, in order.
        before: the keys of the previous state; null if there is none.
        identities: the identities of the playlist's stored keys.
    """

    additions: list[Addition]
    authors: list[AdditionAuthor]
    snapshot: Snapshot | None
    new_items: int
    removed_items: int
    keys: list[int]
    before: list[int] | None
    identities: Mapping[int, Identity]


def facts(task: Task, snapshot_id: str, entries: list[Entry], stored: StoredContents, now: datetime) -> Facts:
    """Compares a whole reading with the newest stored state.

    Args:
        task: the playlist.
        snapshot_id: the snapshot_id of the version that was read.
        entries: all of them, in order.
        stored: what the destination has of the playlist.
        now: when it was read.

    Raises:
        CollisionError: additions have colliding keys.
    """
    known, observed_at = task.known, now
    recorded, before = stored.additions(task), stored.item_keys(task)
    for earlier in (known.observed_at, recorded.named_at):
        if earlier is not None:
            # A clock that was set back must not reorder history.
            observed_at = max(observed_at, earlier + timedelta(microseconds=1))
    had, names = set(before), recorded.identities
    known_names = {names[key] for key in had if key in names}
    links = stored.links if may_be_relinked(entries, known_names) else {}
    identities = as_recorded(entries, known_names, links)
    try:
        keys = item_keys(identities, names)
    except CollisionError as error:
        msg = f"Playlist {task.playlist_id} {error} Nothing of this reading is stored. Report this, please."
        raise CollisionError(msg) from None
    additions = [
        _addition(task.playlist_id, key, entry, uri, observed_at)
        for entry, (uri, _), key in zip(entries, identities, keys, strict=True)
        if key not in names
    ]
    authors = [
        AdditionAuthor(task.playlist_id, key, observed_at, entry.added_by_id)
        for entry, key in zip(entries, keys, strict=True)
        if key in names and entry.added_by_id and entry.added_by_id != recorded.authors.get(key)
    ]
    snapshot = None
    if known.observed_at is None or before != keys or known.snapshot_id != snapshot_id:
        moved = moved_keys(before, keys)
        snapshot = Snapshot(task.playlist_id, snapshot_id, observed_at, keys, len(keys), moved)
    new, gone = len(set(keys) - had), len(had - set(keys))
    return Facts(additions, authors, snapshot, new, gone, keys, before if known.observed_at else None, names)


def _addition(playlist_id: str, key: int, entry: Entry, uri: str | None, observed_at: datetime) -> Addition:
    content = entry.content
    item_type = entry.type_of(content)
    content_id = content.id if content is not None else None
    local = entry.is_local
    if local is None and content is not None:
        # In entries of 2012 only the item has this field.
        local = content.is_local
    return Addition(
        playlist_id,
        key,
        parse_time(entry.added_at),
        entry.added_by_id,
        uri,
        item_type,
        content_id if item_type == "track" else None,
        content_id if item_type == "episode" else None,
        local,
        entry.primary_color,
        entry.video_thumbnail.url if entry.video_thumbnail is not None else None,
        observed_at,
    )
