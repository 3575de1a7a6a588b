"""When a Parquet lake is compacted, and under which locks: `compaction.py` merges.

An operator starts it, or a sync that finds a thousand files. After the latter, replaced files are kept until the next
sync, for readers in the middle of a query.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import cast

import dlt
import duckdb

from pipelines.destinations.compaction_result import ORPHAN_AGE, Compaction
from pipelines.destinations.lake_location import LakeLocation
from pipelines.destinations.parquet.compaction import Compactor
from pipelines.destinations.parquet.compaction_lock import compaction_lock
from pipelines.destinations.recovery import finish_pending
from pipelines.destinations.sync_lock import working_folder_lock
from sources.errors import DestinationError, TryLaterError
from sources.stored.dlt_adapter import FilesClient, folder_of
from sources.stored.files import lake_files
from sources.stored.lake_folder import COMPACTED, listed, replacements, time_of

UNASKED_AGE = timedelta(days=1)
"""Age from which a sync deletes files of incomplete loads; longer than in `compact`, as nobody asked for it."""
MANY_FILES = 1_000
"""Number of files from which a sync compacts: to open them takes a second and more, in every query too."""

log = logging.getLogger("playlake")


def compact(lake: LakeLocation, *, orphan_age: timedelta = ORPHAN_AGE, now: datetime | None = None) -> Compaction:
    """Merges the files of a Parquet lake.

    Args:
        lake: the folder or bucket.
        orphan_age: files of incomplete loads older than this are deleted.
        now: the time.

    Raises:
        DestinationError: the lake holds nothing, or records of loads are lost.
        TryLaterError: a sync is writing to it, or another process compacts it.
    """
    now = now or datetime.now(UTC)
    with maintained(lake) as client, duckdb.connect() as connection:
        with compaction_lock(client) as lock:
            compactor = Compactor(client, connection, lock, now)
            before = compactor.sizes
            compactor.merge()
            compactor.clean(orphan_age)
        return Compaction(len(before), len(compactor.sizes), sum(before.values()), sum(compactor.sizes.values()))


@contextmanager
def maintained(lake: LakeLocation) -> Iterator[FilesClient]:
    """The files of a lake, while no sync on this machine writes to it.

    Raises:
        DestinationError: the lake holds nothing.
        TryLaterError: a sync is writing to it.
    """
    with working_folder_lock(lake), lake.settings():
        pipeline = lake.pipeline()
        finish_pending(pipeline)
        with pipeline.destination_client() as client:
            folder = cast("FilesClient", client)
            if not listed(folder).data:
                msg = (
                    f"There are no tables in {lake.location}: run playlake sync first, or name the folder with --path."
                )
                raise DestinationError(msg)
            yield folder


def keep_small(pipeline: dlt.Pipeline, now: datetime) -> None:
    """Compacts a folder of many files, and deletes what earlier compactions replaced; called at the end of a sync.

    The caller holds the pipeline's lock. Whatever goes wrong is only logged: the sync has done its work.

    Args:
        pipeline: of any destination; nothing is done unless it is a folder or bucket.
        now: the time.
    """
    try:
        with pipeline.destination_client() as client:
            if (folder := folder_of(client)) is not None:
                _keep_small(folder, now)
    except TryLaterError as busy:
        log.info("The files were not compacted: %s", busy)
    except Exception as error:
        log.warning("The files could not be compacted (%s): playlake compact tries again", error)


def _keep_small(client: FilesClient, now: datetime) -> None:
    listing = listed(client)
    shown = lake_files(client, listing)
    many = sum(map(len, shown.values())) >= MANY_FILES
    left_over = [
        load_id
        for load_id in listing.written - (set(listing.records) - set(replacements(client, listing))) - listing.unknown
        if COMPACTED in load_id or time_of(load_id) < now - ORPHAN_AGE
    ]
    if not many and not left_over:
        return
    with compaction_lock(client) as lock, duckdb.connect() as connection:
        compactor = Compactor(client, connection, lock, now)
        if many:
            log.info("Merging %s files", sum(map(len, shown.values())))
            compactor.merge()
        compactor.clean(UNASKED_AGE, replaced_age=ORPHAN_AGE)
