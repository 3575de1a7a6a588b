"""Collections of a user that come newest first and have no snapshot id: what is new and what is gone is found out."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from sources.errors import ApiError, ChangedWhileReading
from sources.spotify.api.endpoints import Endpoint
from sources.spotify.models.rows import ResourceRead, SavedAddition, SavedSnapshot
from sources.spotify.models.times import parse_time, seconds
from sources.spotify.resources.audit import next_audit
from sources.spotify.resources.base import Checkpoint, Context, Row
from sources.spotify.resources.keys import Identity, item_keys, moved_keys
from sources.spotify.resources.known_collection import KnownCollection
from sources.spotify.resources.newest_first import ListChangedError, ListPage, NewestFirst, UnknownOrderError
from sources.spotify.resources.part import part

ATTEMPTS = 3
NOBODY: Identity = (None, None)
"""The identity of an entry that says neither what it is nor when it was saved."""


class Saved(NamedTuple):
    """An entry of a collection.

    Attributes:
        added_at: when it was saved, as Spotify writes it.
        item: what was saved, the object of a table's row.
    """

    added_at: str | None
    item: Any

    @property
    def uri(self) -> str | None:
        """The item's URI as it was saved: that of `linked_from` if another track plays for it."""
        link = getattr(self.item, "linked_from", None)
        return (link.uri if link is not None and link.uri else self.item.uri) or None

    @property
    def identity(self) -> Identity | None:
        """What tells it from others; without a URI for what is gone, null if it has no time either."""
        found = self.uri, seconds(self.added_at)
        return None if found == NOBODY else found


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection.

    Attributes:
        name: the API's, plural.
        item_type: the API's `type` of what is in it.
        endpoint: where its pages are.
        entry: of an element of a page, which is not null; null if its item is gone.
        table: the table of its items, if there is one.
    """

    name: str
    item_type: str
    endpoint: Endpoint[Any]
    entry: Callable[[Any], Saved | None]
    table: str | None


class _Reading(NamedTuple):
    """A whole state of a collection: identities in order, entries that were shown, and how many pages it took."""

    identities: list[Identity | None]
    entries: list[Saved]
    is_whole: bool
    was_due: bool
    pages: int


class Collections:
    """A resource that is made of such collections.

    Args:
        name: as users select it.
        scopes: what the user must have consented to.
        collections: those that it reads, in this order.
    """

    def __init__(self, name: str, scopes: frozenset[str], collections: Sequence[Collection]) -> None:
        self.name, self.scopes = name, scopes
        self._collections = collections
        own = {collection.table for collection in collections if collection.table}
        self.tables = ("saved_additions", "saved_snapshots", "resource_reads", *sorted(own))
        self.endpoints: dict[Endpoint[Any], tuple[str, ...]] = {
            each.endpoint: ("saved_additions", "saved_snapshots", *filter(None, [each.table])) for each in collections
        }

    def read(self, ctx: Context) -> Iterator[Row | Checkpoint]:
        """What is new in each, and its state if that is another.

        Raises:
            PlaylakeError: whose they are cannot be found out.
        """
        user_id = ctx.client.whoami()
        ctx.recorder.record.user_id = user_id
        for left, collection in zip(range(len(self._collections) - 1, -1, -1), self._collections, strict=True):
            if ctx.recorder.error is not None:
                return
            pages = yield from self._one(ctx, collection, user_id)
            yield Checkpoint(pages, left)

    def _one(self, ctx: Context, collection: Collection, user_id: str) -> Generator[Row, None, int]:
        """The rows of one collection.

        Returns:
            How many pages were read.
        """
        pages, is_news = 0, False
        with part(ctx, self.name, collection.name, user_id) as read:
            known = ctx.state.saved(self.name, user_id, collection.name)
            reading = _read(ctx, collection, known, user_id)
            # What was doubted and is as it was is no longer in doubt.
            pages, is_news = reading.pages, reading.was_due or known.doubted
            read.is_whole, read.items = reading.is_whole, len(reading.identities)
            yield from _rows(ctx, collection, known, reading, read)
        if read.outcome != "unchanged" or is_news:
            yield Row("resource_reads", read)
        return pages


def _read(ctx: Context, collection: Collection, known: KnownCollection, user_id: str) -> _Reading:
    """A whole state of a collection, in as few requests as it takes.

    One if nothing has changed; `ceil((k + 1) / 50)` if k were added, and about `r * log2(pages)` if r were removed,
    never more than all of it takes; one more where several pages were read, to see that nothing moved meanwhile.
    What was saved with a time in the past lies deep in the list: the number of all tells, or a reading of the whole
    once per `audit_after`.

    Raises:
        ChangedWhileReading: it kept changing.
        ApiError: an answer is not what it should be.
    """
    names = [known.identities.get(key, NOBODY) for key in known.item_keys or ()]
    order = [None if identity == NOBODY else identity for identity in names]
    for _ in range(ATTEMPTS):
        pages: dict[int, list[Saved | None]] = {}
        reading = NewestFirst(_asked(ctx, collection, pages), order, collection.endpoint.limit or 1, _is_gone)
        was_due = _is_due(ctx, collection, known, user_id)
        try:
            try:
                found = reading.whole() if was_due else reading.changes()
            except UnknownOrderError:
                found = reading.whole()
            reading.check()
        except ListChangedError:
            continue
        entries = [entry for offset in sorted(pages) for entry in pages[offset] if entry is not None]
        is_whole = len(pages) * reading.limit >= reading.total
        return _Reading(found, entries, is_whole, was_due, len(pages))
    msg = (
        f"{ctx.client.url(collection.endpoint)} was not seen whole in {ATTEMPTS} readings: it kept changing. The next "
        "sync reads it."
    )
    raise ChangedWhileReading(msg)


def _is_gone(identity: Identity) -> bool:
    return identity[0] is None


def _asked(
    ctx: Context, collection: Collection, pages: dict[int, list[Saved | None]]
) -> Callable[[Sequence[int], int], Iterator[ListPage[Identity]]]:
    """What asks for pages, several at the same time, and keeps their entries in `pages`, by the pages' offsets."""
    endpoint = collection.endpoint

    def page_at(offset: int, limit: int) -> tuple[int, Any]:
        page = ctx.client.get(endpoint, limit=limit, offset=offset)
        if page.items is None or page.total is None:
            msg = f"{ctx.client.url(endpoint)} answered a page without items or total: report this, please."
            raise ApiError(msg, 200)
        return offset, page

    def pages_at(offsets: Sequence[int], limit: int) -> Iterator[ListPage[Identity]]:
        for offset, page in ctx.client.ahead(partial(page_at, limit=limit), offsets):
            entries = [None if element is None else collection.entry(element) for element in page.items]
            pages[offset] = entries
            yield ListPage([None if entry is None else entry.identity for entry in entries], page.total)

    return pages_at


def _is_due(ctx: Context, collection: Collection, known: KnownCollection, user_id: str) -> bool:
    """Whether all of it is to be read, whatever its beginning says."""
    if ctx.settings.full or known.item_keys is None or known.checked_at is None:
        return True
    return ctx.started_at >= next_audit(f"{user_id}/{collection.name}", known.checked_at, ctx.settings.audit_after)


def _rows(
    ctx: Context, collection: Collection, known: KnownCollection, reading: _Reading, read: ResourceRead
) -> Iterator[Row]:
    """Rows of a reading: items, additions that were never stored, and the state if it is another."""
    before = known.item_keys or []
    if before and not reading.identities and not known.doubted:
        read.outcome = "kept_back"
        read.message = (
            f"{collection.name} of user {read.user_id} shows nothing, where {len(before):,} were. That is kept back; "
            "if the next sync sees the same, it is believed."
        )
        return
    keys = item_keys([identity or NOBODY for identity in reading.identities], known.identities)
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
