"""A catalogue resource: looks up objects that the lake mentions and does not hold in full, or that are outdated."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sources.spotify.api.endpoints import Endpoint
from sources.spotify.models.run_records import CatalogueRead, ResourceRead
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
        lookup: the endpoints by which objects are requested.
        rows: makes the rows of an object that came in full; no rows mean: retry in a later run.
        described: tables whose rows are made from an object; the first one has `described_at`.
        extra_endpoints: endpoints for the rest of an object that its answer does not hold whole.
        scopes: what the user must have consented to for all of the resource.
        lists: lists that are read for each object, with endpoints of their own.
        is_closed: whether most apps may not read the resource: after a refusal it is only tried again after
            `describe_after`, unless the user named it.
        never_changes: whether a description never changes, so that objects are looked up only once.
    """

    name: str
    kind: str
    lookup: LookupEndpoints
    rows: RowsOf
    described: tuple[str, ...]
    extra_endpoints: tuple[Endpoint[Any], ...] = ()
    scopes: frozenset[str] = frozenset()
    lists: Sequence[Lists] = ()
    is_closed: bool = False
    never_changes: bool = False

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that the resource fills."""
        filled = {table for tables in self.endpoints.values() for table in tables}
        return (*sorted(filled), "resource_reads")

    @property
    def endpoints(self) -> Mapping[Endpoint[Any], tuple[str, ...]]:
        """The endpoints that the resource requests, and the tables whose rows it makes from each answer."""
        asked = dict.fromkeys(
            (self.lookup.one, self.lookup.several, *self.extra_endpoints), (*self.described, "catalogue_reads")
        )
        return asked | {each.endpoint: (*each.tables, "catalogue_reads") for each in self.lists}

    def read(self, ctx: Context) -> Iterator[Row | Checkpoint]:
        """Rows of the objects that the lake mentions and does not describe.

        Rows of earlier resources are loaded first, because they decide which objects these are.
        """
        yield Checkpoint(left=1, needs_new_load=True)
        allowance = ctx.catalogue.share()
        is_refused = self.is_closed and self._was_refused(ctx)
        if allowance.left > 0 and not is_refused:
            is_refused = yield from self._describe(ctx, allowance)
        if is_refused:
            return
        if self.lists:
            yield Checkpoint(left=1, needs_new_load=True)
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
        """Looks up the objects that the lake mentions and does not describe.

        Returns:
            Whether Spotify refused them to the app.
        """
        before = EPOCH if self.never_changes else ctx.started_at - ctx.settings.describe_after
        wanted = ctx.state.wanted(self.kind, self.described[0], before, allowance.left * self.lookup.size)
        if not wanted.ids:
            return False
        with part(ctx, self.name, self.name) as read:
            read.items = 0
            for found in answers(ctx, self.lookup, wanted.ids, allowance):
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
            # The object has several ids, or Spotify plays another track in its place.
            yield _noted(self.name, object_id, ctx.now(), "elsewhere")
        rows = list(self.rows(ctx, found, allowance))
        read.new_items += bool(rows)
        read.items -= not rows
        yield from rows


def _noted(subject: str, object_id: str, now: datetime, outcome: str) -> Row:
    return Row("catalogue_reads", CatalogueRead(subject, object_id, now, outcome))
