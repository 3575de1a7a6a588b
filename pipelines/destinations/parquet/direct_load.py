"""Stores few rows in a folder or bucket as a complete load: their files, then the load's record, as dlt does."""

from collections.abc import Iterable
from datetime import UTC, datetime
from secrets import token_hex

import pyarrow as pa
import pyarrow.parquet as pq
from dlt.common.storages.load_package import create_load_id

from pipelines.destinations.parquet.atomic_files import write
from pipelines.destinations.parquet.compaction import encoded
from sources.stored.dlt_adapter import FilesClient
from sources.stored.lake_folder import LoadRecord, record_path
from sources.stored.load_id import TableRows, with_load_id


def store(client: FilesClient, rows: Iterable[TableRows]) -> None:
    """Writes a file for each table, then the record without which they do not count.

    Args:
        client: dlt's client of the folder.
        rows: at most one batch a table.
    """
    load_id = create_load_id()
    for table, batch in rows:
        sink = pa.BufferOutputStream()
        pq.write_table(with_load_id(batch, load_id), sink)
        path = f"{client.dataset_path}{table.name}/{load_id}.{token_hex(5)}.parquet"
        write(client, path, sink.getvalue().to_pybytes())
    write(client, record_path(client, load_id), encoded(LoadRecord(load_id, datetime.now(UTC))))
