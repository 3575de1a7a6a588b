"""The dlt resource that stores an imported history."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import dlt
import pyarrow as pa

from schemas.listening.plays import TABLE
from sources.account_export.new_plays import NewPlays
from sources.account_export.staging import Staged
from sources.spotify.engine.batches import Rows
from sources.spotify.http.transport import utc_now
from sources.spotify.models.run_records import ResourceRead, RunRecord
from sources.spotify.source import SECTION
from sources.stored.dlt_adapter import writes_files
from sources.stored.dlt_hints import DltItems
from sources.stored.dlt_options import check_options, refuse_second_source
from sources.stored.opening import connected, stored_of
from sources.stored.table_repair import repair_tables

RESOURCE = "plays"
SUBJECT = "export"


@dataclass(slots=True)
class Import:
    """An import and its result.

    Attributes:
        staged: what was read.
        owner: whose plays they are where no file says so.
        run: the row of `runs`.
        reads: the rows of `resource_reads`.
        by_user: how many plays were new, of each user with any.
    """

    staged: Staged
    owner: str | None
    run: RunRecord
    reads: list[ResourceRead]
    by_user: dict[str, int]


@dlt.resource(name="plays", section=SECTION)
def import_of(job: Import, now: datetime) -> Iterator[Any]:
    """The plays that the destination has not, with the rows that say where they come from.

    Args:
        job: what to import; the result is written to it.
        now: the time.
    """
    check_options()
    pipeline, package = dlt.current.pipeline(), dlt.current.load_package_state()
    refuse_second_source(pipeline, package["load_id"])
    with ExitStack() as stack:
        client = stack.enter_context(connected(pipeline))
        is_repaired = repair_tables(client, full=False)
        stored = stack.enter_context(stored_of(client))
        # Load ids are of the system's clock.
        stored.check_not_before_last_load(utc_now())
        dlt_items = DltItems(pipeline, () if is_repaired else stored.whole_tables, package["load_id"])
        new = NewPlays(job.staged, stored, job.owner)
        _note(job, new, now)
        rows = Rows()
        rows.add("runs", job.run)
        for read in job.reads:
            rows.add("resource_reads", read)
        for batch in rows.flush(everything=True):
            yield from dlt_items.items(batch.table, batch.rows)
        for table in new.batches(job.run.run_id, now):
            yield from dlt_items.items(TABLE, table)
        # What it keeps in memory would stand beside what the load needs.
        job.staged.connection.close()
        if writes_files(pipeline.destination):
            yield from dlt_items.empty_tables()
    pa.default_memory_pool().release_unused()


def _note(job: Import, new: NewPlays, now: datetime) -> None:
    """Records the result; an import without new plays leaves no reading behind."""
    job.by_user = new.by_user
    job.run.new_items, job.run.finished_at = new.count, now
    if len(new.users) == 1:
        [job.run.user_id] = new.users
    for user_id, count in new.by_user.items():
        subject = SUBJECT if len(new.by_user) == 1 else f"{SUBJECT} of {user_id}"
        job.reads.append(
            ResourceRead(job.run.run_id, RESOURCE, subject, user_id, "read", job.run.started_at, now, new_items=count)
        )
