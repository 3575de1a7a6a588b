"""A catalogue resource: looks up objects that the lake mentions and does not hold in full, or that are outdated."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sources.spotify.api.endpoints import Endpoint
from sources.spotify.models.rows import CatalogueRead, ResourceRead
from sources.spotify.models.times import EPOCH
from sources.spotify.resources.base import Checkpoint, Context, Row
from sources.spotify.resources.catalogue.budget import Allowance
from sources.spotify.resources.catalogue.lists import Lists
from sources.spotify.resources.catalogue.lookup import Answer, LookupEndpoints, answers
from sources.spotify.resources.part import part

RowsOf = Callable[[Context, Any, Allowance], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class CatalogueResource:
    """A resource that looks up objects of one kind.

    Attributes:
        name: as users select it.
        kind: the API's type.
        ways: how to ask for them.
        rows: of an object that came in full; none to come back to it in another run.
        described: tables whose rows are made from it; the first is where descriptions are.
        also: what is asked for besides, where an object does not bring all that belongs to it.
        scopes: without which something is missing.
        lists: what is read of the objects besides.
        is_closed: whether most apps may not read it: then it is only tried again after `describe_after`, unless it was
            named.
        lasts: whether a description never changes.
    """

    name: str
    kind: str
    ways: LookupEndpoints
    rows: RowsOf
    described: tuple[str, ...]
    also: tuple[Endpoint[Any], ...] = ()
    scopes: frozenset[str] = frozenset()
    lists: Sequence[Lists] = ()
    is_closed: bool = False
    lasts: bool = False

    @property
    def tables(self) -> tuple[str, ...]:
        """Those that it fills."""
        filled = {table for tables in self.endpoints.values() for table in tables}
        return (*sorted(filled), "resource_reads")

    @property
    def endpoints(self) -> Mapping[Endpoint[Any], tuple[str, ...]]:
        """What it asks for, and the tables whose rows it makes from each answer."""
        asked = dict.fromkeys((self.ways.one, self.ways.several, *self.also), (*self.described, "catalogue_reads"))
        return asked | {each.endpoint: (*each.tables, "catalogue_reads") for each in self.lists}

    def read(self, ctx: Context) -> Iterator[Row | Checkpoint]:
        """Rows of what is wanted.

        What earlier resources of the run have read is loaded before, where the run has loads: it says what is wanted.
        """
        yield Checkpoint(left=1, asks_state=True)
        allowance = ctx.catalogue.share()
        is_refused = self.is_closed and self._was_refused(ctx)
        if allowance.left > 0 and not is_refused:
            is_refused = yield from self._describe(ctx, allowance)
        if is_refused:
            return
        if self.lists:
            yield Checkpoint(left=1, asks_state=True)
        for each in self.lists:
            if ctx.recorder.error is None and allowance.left > 0:
                yield from each.read(ctx, self.name, allowance)
        yield Checkpoint()

    def _was_refused(self, ctx: Context) -> bool:
        if self.name in ctx.recorder.named:
            return False
        before = ctx.started_at - ctx.settings.describe_after
        return ctx.state.was_refused(self.name, self.name, ctx.client.client_id, before)

    def _describe(self, ctx: Context, allowance: Allowance) -> Generator[Row | Checkpoint, None, bool]:
        """The objects that are wanted.

        Returns:
            Whether the app may not read them.
        """
        before = EPOCH if self.lasts else ctx.started_at - ctx.settings.describe_after
        wanted = ctx.state.wanted(self.kind, self.described[0], before, allowance.left * self.ways.size)
        if not wanted.ids:
            return False
        with part(ctx, self.name, self.name) as read:
            read.items = 0
            for found in answers(ctx, self.ways, wanted.ids, allowance):
                for answer in found:
                    yield from self._rows(ctx, answer, allowance, read)
                yield Checkpoint(1, left=1)
            read.is_whole = read.items == wanted.total
            if not read.is_whole:
                read.message = f"{wanted.total - read.items:,} more are wanted: the next sync goes on."
        yield Row("resource_reads", read)
        return read.outcome == "not_available"

    def _rows(self, ctx: Context, answer: Answer, allowance: Allowance, read: ResourceRead) -> Iterator[Row]:
        object_id, found = answer
        read.items = (read.items or 0) + 1
        if found is None or not found.is_full:
            read.removed_items += 1
            yield _noted(self.name, object_id, ctx.now(), "gone")
            return
        if found.id != object_id:
            # One of several ids of the same, or another track that plays for it.
            yield _noted(self.name, object_id, ctx.now(), "elsewhere")
        rows = list(self.rows(ctx, found, allowance))
        read.new_items += bool(rows)
        read.items -= not rows
        yield from rows


def _noted(subject: str, object_id: str, now: datetime, outcome: str) -> Row:
    return Row("catalogue_reads", CatalogueRead(subject, object_id, now, outcome))
