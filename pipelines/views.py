"""Creates the views: in the database, or as `views.sql` beside the files."""

import logging
import re
from typing import Any

import dlt

from pipelines.destinations.parquet.atomic_files import write
from schemas import FUNCTIONS, VIEWS, function_sql, view_sql
from schemas.lake import VIEWS_FILE as FILE
from schemas.lake import lake_sql
from sources.errors import DestinationError
from sources.stored.dlt_adapter import DatabaseException, FilesClient, SqlClient, folder_of, sql_client_of
from sources.stored.files import lake_files, lake_url

DIALECTS = ("duckdb", "postgres")
"""Those that the views are written for."""

VERSIONS = "_dlt_version"
"""Where dlt keeps the schemas that a folder has had."""

log = logging.getLogger("playlake")


def create_views(pipeline: dlt.Pipeline) -> None:
    """Creates the views over what a pipeline has loaded; idempotent."""
    with pipeline.destination_client() as client:
        make_views(client)


def make_views(client: Any) -> None:
    """Makes the views where a client of dlt's is connected to."""
    if (folder := folder_of(client)) is not None:
        _write(folder)
    elif (sql_client := sql_client_of(client)) is not None:
        _create(sql_client)


def missing_views(pipeline: dlt.Pipeline) -> list[str]:
    """Names of the views that should be there and are not; beside files, that of the file that makes them."""
    with pipeline.destination_client() as client:
        if (folder := folder_of(client)) is not None:
            return [] if folder.fs_client.exists(folder.dataset_path + FILE) else [FILE]
        sql_client = sql_client_of(client)
        if sql_client is None or sql_client.capabilities.sqlglot_dialect not in DIALECTS:
            return []
        sql = "SELECT table_name FROM information_schema.views WHERE table_schema = %s"
        present = {row[0] for row in sql_client.execute_sql(sql, sql_client.dataset_name) or ()}
    return [name for name in VIEWS if name not in present]


def _create(client: SqlClient) -> None:
    dialect = client.capabilities.sqlglot_dialect
    if dialect == "duckdb":
        _create_in_duckdb(client)
    elif dialect == "postgres":
        for name in VIEWS:
            _create_in_postgres(client, name)
        for name in FUNCTIONS:
            client.execute_sql(function_sql(name, "postgres"))
    else:
        log.warning("The views are written for DuckDB and Postgres, not for %s: there are only the tables", dialect)


def _create_in_duckdb(client: SqlClient) -> None:
    """Replaces all views at once.

    Raises:
        DestinationError: a table of the user has the name of a view.
    """
    sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = %s AND table_type <> 'VIEW'"
    tables = {row[0] for row in client.execute_sql(sql, client.dataset_name) or ()}
    for name in VIEWS:
        if name in tables:
            msg = (
                f"The view {name} cannot be made: a table is called so. What was read is stored; rename the table "
                f"(ALTER TABLE {client.dataset_name}.{name} RENAME TO another name), and sync again."
            )
            raise DestinationError(msg)
    with client.begin_transaction():
        for name in VIEWS:
            client.execute_sql(f"CREATE OR REPLACE VIEW {name} AS\n{view_sql(name)}")
        for name in FUNCTIONS:
            client.execute_sql(function_sql(name, schema=client.dataset_name))


def _create_in_postgres(client: SqlClient, name: str) -> None:
    """Replaces a view, or makes it anew where its columns are no longer those; views that depend on it are left alone.

    Raises:
        DestinationError: a view of the user depends on the old view, or the database user may not create views.
    """
    sql = view_sql(name, "postgres")
    try:
        client.execute_sql(f"CREATE OR REPLACE VIEW {name} AS\n{sql}")
    except DatabaseException:
        try:
            with client.begin_transaction():
                for function in FUNCTIONS:
                    client.execute_sql(f"DROP FUNCTION IF EXISTS {function}")
                # Ours that depend on it come next, and are made again.
                for later in reversed(VIEWS[VIEWS.index(name) + 1 :]):
                    if _stands_on_views(later):
                        client.execute_sql(f"DROP VIEW IF EXISTS {later}")
                client.execute_sql(f"DROP VIEW {name}")
                client.execute_sql(f"CREATE VIEW {name} AS\n{sql}")
        except DatabaseException as error:
            reason = str(error).strip().partition("\n")[0]
            msg = f"The view {name} cannot be brought up to date ({reason}): drop what depends on it, and sync again."
            raise DestinationError(msg) from None


def _stands_on_views(name: str) -> bool:
    sql = view_sql(name, "postgres")
    return any(re.search(rf"\b{other}\b", sql) for other in VIEWS if other != name)


def _write(client: FilesClient) -> None:
    """`views.sql` beside the data, if it says something new."""
    path = client.dataset_path + FILE
    text = "\n".join(lake_sql(lake_url(client), lake_files(client), mark=_mark(client))).encode()
    if not client.fs_client.exists(path) or client.fs_client.cat_file(path) != text:
        write(client, path, text)


def _mark(client: FilesClient) -> str | None:
    """The oldest schema's file: its name has the time to the microsecond, and it stays for ever."""
    if not client.is_local_filesystem:
        return None
    files = client.fs_client.glob(f"{client.dataset_path}{VERSIONS}/[!.]*.jsonl")
    return f"{VERSIONS}/{min(str(file).rpartition('/')[2] for file in files)}" if files else None
