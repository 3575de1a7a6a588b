"""Reads collections of a user, such as liked tracks and followed artists, as additions and snapshots."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from sources.spotify.models.rows import SavedAddition, SavedSnapshot
from sources.spotify.models.run_records import ResourceRead
from sources.spotify.models.times import parse_time
from sources.spotify.resources.addition_keys import item_keys, moved_keys
from sources.spotify.resources.base import Checkpoint, Context, Row
from sources.spotify.resources.collection_reading import Reader, Reading
from sources.spotify.resources.collection_state import KnownCollection
from sources.spotify.resources.hidden_entries import kept_identities
from sources.spotify.resources.part import part


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection.

    Attributes:
        name: the API's, plural.
        item_type: the API's `type` of what is in it.
        reader: what reads it.
        table: the table of its items, if there is one.
        inside: makes rows of objects that an item only mentions. They are added at the end of the load, since the same
            objects may also come in full.
        also: the tables of those rows.
    """

    name: str
    item_type: str
    reader: Reader
    table: str | None
    inside: Callable[[Any], Iterable[Row]] = lambda _: ()
    also: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """All that its items fill."""
        return (*filter(None, [self.table]), *self.also)


class Collections:
    """A resource that is made of such collections.

    Args:
        name: as users select it.
        scopes: what the user must have consented to.
        collections: the collections that the resource reads, in this order.
    """

    def __init__(self, name: str, scopes: frozenset[str], collections: Sequence[Collection]) -> None:
        self.name, self.scopes = name, scopes
        self._collections = collections
        own = {table for collection in collections for table in collection.tables}
        self.tables = ("saved_additions", "saved_snapshots", "resource_reads", *sorted(own))
        facts = ("saved_additions", "saved_snapshots")
        self.endpoints = {each.reader.endpoint: (*facts, *each.tables) for each in collections}

    def read(self, ctx: Context) -> Iterator[Row | Checkpoint]:
        """The new additions of each collection, and its snapshot if it differs from the stored one.

        Raises:
            PlaylakeError: the signed-in user's id could not be requested.
        """
        user_id = ctx.client.whoami()
        ctx.recorder.record.user_id = user_id
        named: list[Row] = []
        ctx.before_load_ends.append(partial(_taken, named))
        for left, collection in zip(range(len(self._collections) - 1, -1, -1), self._collections, strict=True):
            if ctx.recorder.error is not None:
                return
            pages = yield from self._one(ctx, collection, user_id, named)
            yield Checkpoint(pages, left)

    def _one(self, ctx: Context, collection: Collection, user_id: str, named: list[Row]) -> Generator[Row, None, int]:
        """The rows of one collection; those of what its items name are put into `named`.

        Returns:
            How many pages were read.
        """
        pages, is_news = 0, False
        with part(ctx, self.name, collection.name, user_id) as read:
            known = ctx.state.saved(self.name, user_id, collection.name)
            reading = collection.reader(ctx, known, f"{user_id}/{collection.name}")
            # A reading that was doubted and came again is no longer in doubt.
            pages, is_news = reading.pages, reading.was_due or known.doubted
            read.is_whole, read.items = reading.is_whole, len(reading.identities)
            yield from _rows(ctx, collection, known, reading, read)
            named.extend(row for entry in reading.entries for row in collection.inside(entry.item))
        if read.outcome != "unchanged" or is_news:
            yield Row("resource_reads", read)
        return pages


def _taken(rows: list[Row]) -> list[Row]:
    """The rows; the list is then empty."""
    taken, rows[:] = list(rows), []
    return taken


def _rows(
    ctx: Context, collection: Collection, known: KnownCollection, reading: Reading, read: ResourceRead
) -> Iterator[Row]:
    """Rows of a reading: items, additions that were never stored, and the snapshot if it is new."""
    before = known.item_keys or []
    keys = item_keys(kept_identities(reading.identities), known.identities)
    doubt = reading.doubt or (f"shows nothing, where {len(before):,} were" if before and not keys else None)
    if doubt and known.item_keys != keys and not known.doubted:
        read.outcome = "kept_back"
        read.message = (
            f"{collection.name} of user {read.user_id} {doubt}. That is not stored yet; if the next sync sees the "
            "same, it is."
        )
        return
    observed_at = ctx.now()
    if known.observed_at is not None:
        # A clock that was set back must not reorder history.
        observed_at = max(observed_at, known.observed_at + timedelta(microseconds=1))
    shown = {entry.identity: entry for entry in reading.entries}
    user_id = str(read.user_id)
    for identity, key in zip(reading.identities, keys, strict=True):
        if key not in known.identities:
            entry = shown.get(identity)
            added_at = parse_time(entry.added_at) if entry is not None else None
            uri, item_id = (entry.uri, entry.item.id or None) if entry is not None else (None, None)
            addition = SavedAddition(
                user_id, collection.name, key, added_at, uri, collection.item_type, item_id, observed_at
            )
            yield Row("saved_additions", addition)
    if collection.table is not None:
        for entry in reading.entries:
            yield Row(collection.table, entry.item)
    read.new_items, read.removed_items = len(set(keys) - set(before)), len(set(before) - set(keys))
    if known.item_keys != keys:
        moved = moved_keys(before, keys)
        yield Row("saved_snapshots", SavedSnapshot(user_id, collection.name, observed_at, keys, len(keys), moved))
    else:
        read.outcome = "unchanged"
