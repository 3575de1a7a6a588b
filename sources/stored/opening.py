"""Opens the stored state of a pipeline's destination, whatever kind of destination it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dlt
import duckdb
from dlt.common.pipeline import SupportsPipeline
from dlt.destinations.impl.filesystem.filesystem import FilesystemClient

from sources.stored import load_notes
from sources.stored.database import tables_of
from sources.stored.dlt_options import check_layout
from sources.stored.files import show_tables
from sources.stored.lake_folder import check_records, listed
from sources.stored.read_lock import reading
from sources.stored.remote import Remote
from sources.stored.remote_state import RemoteStored
from sources.stored.state import Stored


@contextmanager
def open_stored(pipeline: SupportsPipeline | None) -> Iterator[Stored]:
    """What the pipeline's destination holds; nothing where there is no pipeline or no dataset yet."""
    with connected(pipeline) as client, stored_of(client) as stored:
        yield stored


@contextmanager
def connected(pipeline: SupportsPipeline | None) -> Iterator[Any]:
    """The client of the pipeline's destination, connected; null where there is no pipeline."""
    if isinstance(pipeline, dlt.Pipeline):
        with pipeline.destination_client() as client:
            yield client
    else:
        yield None


@contextmanager
def stored_of(client: Any) -> Iterator[Stored]:
    """What the destination of a connected client holds; nothing where there is no client or no dataset yet."""
    if client is None:
        with duckdb.connect() as connection:
            yield Stored(connection, ())
    elif isinstance(client, FilesystemClient):
        check_layout(client)
        with reading(client), duckdb.connect() as connection:
            listing = listed(client)
            check_records(client, listing)
            yield Stored(connection, show_tables(connection, client, listing))
    else:
        with _database(client) as stored:
            yield stored


@contextmanager
def _database(client: Any) -> Iterator[Stored]:
    """A database through dlt's own connection, whose search path is the dataset."""
    connection = client.sql_client.native_connection
    if not client.is_storage_initialized():
        with duckdb.connect() as memory:
            yield Stored(memory, ())
        return
    load_notes.check_records(client)
    if isinstance(connection, duckdb.DuckDBPyConnection):
        yield Stored(connection, *tables_of(connection, client.sql_client.dataset_name))
    else:
        with duckdb.connect() as memory:
            yield RemoteStored(Remote(client), memory)
