"""The views where the tables are: in the database, or as `views.sql` beside the files."""

import dlt
from dlt.destinations.impl.filesystem.filesystem import FilesystemClient
from dlt.destinations.sql_client import WithSqlClient

from schemas import VIEWS, view_sql
from schemas.lake import lake_sql
from sources.spotify.stored import lake_files, lake_url

FILE = "views.sql"


def create_views(pipeline: dlt.Pipeline) -> None:
    """Makes the views over what a pipeline has loaded; again and again does no harm."""
    with pipeline.destination_client() as client:
        if isinstance(client, FilesystemClient):
            _write(client)
        elif isinstance(client, WithSqlClient):
            for name in VIEWS:
                client.sql_client.execute_sql(f"CREATE OR REPLACE VIEW {name} AS\n{view_sql(name)}")


def _write(client: FilesystemClient) -> None:
    """`views.sql` beside the data, if it says something new."""
    path = client.dataset_path + FILE
    text = "\n".join(lake_sql(lake_url(client), lake_files(client))).encode()
    if not client.fs_client.exists(path) or client.fs_client.cat_file(path) != text:
        client.fs_client.pipe_file(path, text)
