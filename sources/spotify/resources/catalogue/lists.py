"""Reads lists that belong to objects and have an endpoint of their own, most wanted first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from sources.errors import NotFoundError
from sources.spotify.api.endpoints import Endpoint
from sources.spotify.models.run_records import CatalogueRead, ResourceRead
from sources.spotify.models.times import EPOCH
from sources.spotify.resources.base import Checkpoint, Context, Row
from sources.spotify.resources.catalogue.budget import Allowance
from sources.spotify.resources.part import part


class OneList(Protocol):
    """How one list is read."""

    def begin(self, ctx: Context, ids: Sequence[str]) -> Any:
        """The stored state of the lists that are to be read."""

    def rows(
        self, ctx: Context, object_id: str, stored: Any, allowance: Allowance, read: ResourceRead
    ) -> Sequence[Row]:
        """All rows of a list, counted in `read.items`; no rows and no count mean: retry in a later run."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists of one kind, such as the albums of artists.

    Attributes:
        name: the subject in `resource_reads` and `catalogue_reads`.
        kind: the API's type of the objects that have the lists.
        endpoint: the endpoint of a list.
        tables: the tables that are filled from the lists.
        one: reads one list.
        only_saved: whether only lists of objects that users save or follow are read.
        is_closed: whether most apps may not read the lists: after a refusal they are tried again only after
            `describe_after`.
        never_changes: whether a list never changes, so that it is read only once.
        setting: the setting that must be on for the lists to be read; null if none has to.
    """

    name: str
    kind: str
    endpoint: Endpoint[Any]
    tables: tuple[str, ...]
    one: OneList
    only_saved: bool = False
    is_closed: bool = False
    never_changes: bool = False
    setting: str | None = None

    def read(self, ctx: Context, resource: str, allowance: Allowance) -> Iterator[Row | Checkpoint]:
        """Reads the lists that are missing or outdated, as far as the allowance of requests reaches."""
        before = ctx.started_at - ctx.settings.describe_after
        if self.setting is not None and not getattr(ctx.settings, self.setting):
            return
        if self.is_closed and ctx.state.was_refused(resource, self.name, ctx.client.client_id, before):
            return
        since = EPOCH if self.never_changes else before
        wanted = ctx.state.wanted_lists(self.name, self.kind, since, allowance.left, only_saved=self.only_saved)
        if not wanted.ids:
            return
        with part(ctx, resource, self.name, is_extra=self.is_closed) as read:
            read.items = 0
            yield from self._all(ctx, wanted.ids, allowance, read)
        yield Row("resource_reads", read)

    def _all(
        self, ctx: Context, ids: Sequence[str], allowance: Allowance, read: ResourceRead
    ) -> Iterator[Row | Checkpoint]:
        stored = self.one.begin(ctx, ids)
        for number, object_id in enumerate(ids):
            if allowance.left <= 0 or ctx.recorder.error is not None:
                return
            requests = allowance.left
            own = msgspec.structs.replace(read, items=None, new_items=0, removed_items=0)
            outcome, rows = "read", list[Row]()
            try:
                rows = list(self.one.rows(ctx, object_id, stored, allowance, own))
            except NotFoundError:
                if self.is_closed and number == 0:
                    # The list may be closed to this app, or the object may be gone; the next object would not tell
                    # which.
                    raise
                outcome, own.items = "gone", 0
            if own.items is None:
                continue
            yield from rows
            yield Row("catalogue_reads", CatalogueRead(self.name, object_id, ctx.now(), outcome, own.items))
            read.items = (read.items or 0) + own.items
            read.new_items += own.new_items
            read.removed_items += own.removed_items
            yield Checkpoint(max(requests - allowance.left, 1), left=1)
