"""The adapter to dlt's destination clients: files or SQL.

dlt can run SQL on a folder or bucket, too, through views; only a real database counts as one here.
"""

from typing import Any, TypeAlias

from dlt.destinations.exceptions import DatabaseException
from dlt.destinations.impl.filesystem.filesystem import FilesystemClient
from dlt.destinations.sql_client import SqlClientBase, WithSqlClient

__all__ = ["DatabaseException", "FilesClient", "SqlClient", "folder_of", "sql_client_of", "writes_files"]

FilesClient: TypeAlias = FilesystemClient
"""dlt's client of a folder or bucket, with an fsspec file system as `fs_client` and the folder as `dataset_path`."""

SqlClient: TypeAlias = SqlClientBase[Any]
"""dlt's client that runs statements in a database."""


def folder_of(client: Any) -> FilesClient | None:
    """The client as one for a folder or bucket of files; null if it is for anything else."""
    return client if isinstance(client, FilesystemClient) else None


def sql_client_of(client: Any) -> SqlClient | None:
    """What runs statements in a database; null if the client is of files, or of something that answers no SQL."""
    if isinstance(client, FilesystemClient) or not isinstance(client, WithSqlClient):
        return None
    sql_client: SqlClient = client.sql_client
    return sql_client


def writes_files(destination: Any) -> bool:
    """Whether a destination of a pipeline's is a folder or bucket of files; null is none."""
    return destination is not None and destination.destination_type == "dlt.destinations.filesystem"
