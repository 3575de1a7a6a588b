"""Reads a paged newest-first collection without a snapshot id: finds what is new and what was removed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sources.errors import ApiError, ChangedWhileReading
from sources.spotify.api.endpoints import Endpoint
from sources.spotify.resources.addition_identity import Identity
from sources.spotify.resources.audit import next_audit
from sources.spotify.resources.base import Context
from sources.spotify.resources.collection_reading import ATTEMPTS, Reading, Saved
from sources.spotify.resources.collection_state import KnownCollection
from sources.spotify.resources.hidden_entries import NOBODY
from sources.spotify.resources.newest_first_bisection import ListChangedError, ListPage, NewestFirst, UnknownOrderError


@dataclass(frozen=True, slots=True)
class NewestFirstPages:
    """Reads a collection that comes newest first.

    Attributes:
        endpoint: the endpoint of the collection's pages.
        entry: makes an entry from an element of a page that is not null; null if the item is gone.
    """

    endpoint: Endpoint[Any]
    entry: Callable[[Any], Saved | None]

    def __call__(self, ctx: Context, known: KnownCollection, subject: str) -> Reading:
        """The complete contents of a collection, in as few requests as possible.

        One if nothing has changed; `ceil((k + 1) / 50)` if k were added, and about `r * log2(pages)` if r were removed,
        never more than all of it takes; one more where several pages were read, to see that nothing moved meanwhile.
        An item saved with a date in the past is deep in the list: the total shows it, or the full reading every
        `audit_after`.

        Raises:
            ChangedWhileReading: the collection kept changing.
            ApiError: an answer is not what it should be.
        """
        names = [known.identities.get(key, NOBODY) for key in known.item_keys or ()]
        order = [None if identity == NOBODY else identity for identity in names]
        for _ in range(ATTEMPTS):
            pages: dict[int, list[Saved | None]] = {}
            reading = NewestFirst(self._asked(ctx, pages), order, self.endpoint.limit or 1, _is_gone)
            was_due = _is_due(ctx, known, subject)
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
            return Reading(found, entries, is_whole, was_due, len(pages))
        msg = (
            f"{ctx.client.url(self.endpoint)} was not seen whole in {ATTEMPTS} readings: it kept changing. The next "
            "sync reads it."
        )
        raise ChangedWhileReading(msg)

    def _asked(
        self, ctx: Context, pages: dict[int, list[Saved | None]]
    ) -> Callable[[Sequence[int], int], Iterator[ListPage[Identity]]]:
        """A function that requests pages, several at the same time, and keeps their entries in `pages`, by offset."""
        endpoint = self.endpoint

        def page_at(offset: int, limit: int) -> tuple[int, Any]:
            page = ctx.client.get(endpoint, limit=limit, offset=offset)
            if page.items is None or page.total is None:
                msg = f"{ctx.client.url(endpoint)} answered a page without items or total: report this, please."
                raise ApiError(msg, 200)
            return offset, page

        def pages_at(offsets: Sequence[int], limit: int) -> Iterator[ListPage[Identity]]:
            for offset, page in ctx.client.prefetch(partial(page_at, limit=limit), offsets):
                entries = [None if element is None else self.entry(element) for element in page.items]
                pages[offset] = entries
                yield ListPage([None if entry is None else entry.identity for entry in entries], page.total)

        return pages_at


def _is_gone(identity: Identity) -> bool:
    return identity[0] is None


def _is_due(ctx: Context, known: KnownCollection, subject: str) -> bool:
    """Whether all of it is to be read, whatever its beginning says."""
    if ctx.settings.full or known.item_keys is None or known.checked_at is None:
        return True
    return ctx.started_at >= next_audit(subject, known.checked_at, ctx.settings.audit_after)
