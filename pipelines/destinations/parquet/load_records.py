"""Backup notes of a Parquet lake's complete loads, from which lost load records are restored."""

from datetime import UTC, datetime

import dlt
import msgspec
import pyarrow.parquet as pq

from pipelines.destinations.lake_location import LakeLocation
from pipelines.destinations.parquet.atomic_files import write
from pipelines.destinations.parquet.compaction import REPLACES, encoded
from pipelines.destinations.parquet.compaction_lock import compaction_lock
from pipelines.destinations.parquet.maintenance import maintained
from sources.stored.dlt_adapter import FilesClient, folder_of
from sources.stored.lake_folder import (
    COMPACTED,
    UNKNOWN,
    LakeFiles,
    LoadRecord,
    all_records_are_lost,
    listed,
    load_of,
    lost_records,
    note_path,
    record_path,
    time_of,
)
from sources.stored.load_tables import NOTES


def note_loads(pipeline: dlt.Pipeline) -> None:
    """Notes which loads are complete; for a sync that has loaded something.

    What has no record before there are any notes may have lost it, and is kept.

    Args:
        pipeline: of any destination; nothing is done unless it is a folder or bucket.
    """
    with pipeline.destination_client() as any_client:
        client = folder_of(any_client)
        if client is None:
            return
        listing = listed(client)
        if not listing.notes:
            for load_id in listing.written - set(listing.records):
                write(client, f"{client.dataset_path}{NOTES}/{load_id}{UNKNOWN}", b"")
        for load_id in listing.complete - listing.noted:
            write(client, note_path(client, load_id), client.fs_client.cat_file(listing.records[load_id]))


def restore_records(lake: LakeLocation) -> int:
    """Writes lost records again: those that there are notes on, or where no record is left those of all loads.

    Returns:
        How many.

    Raises:
        PlaylakeError: the same errors as `compact`.
    """
    with maintained(lake) as client, compaction_lock(client):
        listing = listed(client)
        lost = {load_id: client.fs_client.cat_file(listing.notes[load_id]) for load_id in lost_records(client, listing)}
        if all_records_are_lost(listing):
            unnoted = _loads(client, listing) if not lost else set()
            lost |= {load_id: encoded(LoadRecord(load_id, _completed(load_id))) for load_id in unnoted}
        for load_id, data in lost.items():
            write(client, record_path(client, load_id), data)
    return len(lost)


def _loads(client: FilesClient, listing: LakeFiles) -> set[str]:
    """Loads that have data; of a compaction and the loads it merged only one: the compaction, if it is complete."""
    made_of = {load_id: _made_of(client, listing, load_id) for load_id in listing.written if COMPACTED in load_id}
    redundant = {load_id for load_id, parts in made_of.items() if parts <= listing.written}
    return listing.written - redundant - {part for load_id in set(made_of) - redundant for part in made_of[load_id]}


def _made_of(client: FilesClient, listing: LakeFiles, load_id: str) -> set[str]:
    path = next(path for paths in listing.data.values() for path in paths if load_of(path) == load_id)
    with client.fs_client.open(path, "rb") as file:
        metadata = pq.read_schema(file).metadata or {}
    return set(msgspec.json.decode(metadata.get(REPLACES, b"[]"), type=list[str]))


def _completed(load_id: str) -> datetime:
    return min(time_of(load_id), datetime.now(UTC))
