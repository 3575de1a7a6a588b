"""Shows a lake's files as tables and views of a DuckDB connection."""

from collections.abc import Callable

import duckdb

from schemas.lake import Files, lake_sql, literal, tables_sql
from sources.stored.bucket_reading import with_listing
from sources.stored.folder import Folder
from sources.stored.lake_folder import LakeFiles, listed, load_of, replaced
from sources.stored.load_tables import LOADS


def show_lake(connection: duckdb.DuckDBPyConnection, client: Folder, listing: LakeFiles | None = None) -> set[str]:
    """Makes the tables and views of a folder or bucket in a connection.

    For a bucket the connection is taught to read it with dlt's own credentials.

    Returns:
        Names of the tables that have files.
    """
    return _show(lake_sql, connection, client, listing)


def show_tables(connection: duckdb.DuckDBPyConnection, client: Folder, listing: LakeFiles | None = None) -> set[str]:
    """The same without the views."""
    return _show(tables_sql, connection, client, listing)


def _show(
    sql: Callable[[str, Files, Files], list[str]],
    connection: duckdb.DuckDBPyConnection,
    client: Folder,
    listing: LakeFiles | None,
) -> set[str]:
    if not client.is_local_filesystem:
        connection.register_filesystem(with_listing(client))
    # Files never change, and each query of a table reads the footers of all of its files.
    connection.execute("SET parquet_metadata_cache = true")
    files = lake_files(client, listing)
    for statement in sql(lake_url(client), files, files):
        connection.execute(statement)
    return set(files)


def lake_url(client: Folder) -> str:
    """The dataset's folder as DuckDB names it."""
    root = str(client.dataset_path).rstrip("/")
    return root if client.is_local_filesystem else client.make_remote_url(root)


def lake_files(client: Folder, listing: LakeFiles | None = None) -> dict[str, list[str]]:
    """The files of each of our tables, and of `_dlt_loads`, as patterns that only mean themselves.

    Files of loads that have no record are left out: those loads are not complete. So are those of loads that a
    compaction has replaced, which stay for a while for whoever reads them.
    """
    listing = listing or listed(client)
    counted = listing.complete - replaced(client, listing)
    shown = {LOADS: [path for load_id, path in listing.records.items() if load_id in counted]}
    for table, paths in listing.data.items():
        shown[table] = [path for path in paths if load_of(path) in counted]
    url = str if client.is_local_filesystem else client.make_remote_url
    return {table: [literal(url(path)) for path in paths] for table, paths in shown.items() if paths}
