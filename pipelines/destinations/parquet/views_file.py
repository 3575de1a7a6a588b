"""The views of a folder or bucket: `views.sql` beside the data."""

from pipelines.destinations.parquet.atomic_files import write
from schemas.lake import VIEWS_FILE, lake_sql
from sources.stored.dlt_adapter import FilesClient
from sources.stored.files import lake_files, lake_url

VERSIONS = "_dlt_version"
"""Where dlt keeps the schemas that a folder has had."""


def write_views(client: FilesClient) -> None:
    """Writes `views.sql` if it says something new."""
    path = client.dataset_path + VIEWS_FILE
    text = "\n".join(lake_sql(lake_url(client), lake_files(client), mark=_mark(client))).encode()
    if not client.fs_client.exists(path) or client.fs_client.cat_file(path) != text:
        write(client, path, text)


def missing_views(client: FilesClient) -> list[str]:
    """The name of that file, if it is not there."""
    return [] if client.fs_client.exists(client.dataset_path + VIEWS_FILE) else [VIEWS_FILE]


def _mark(client: FilesClient) -> str | None:
    """The oldest schema's file: its name has the time to the microsecond, and it stays forever."""
    if not client.is_local_filesystem:
        return None
    files = client.fs_client.glob(f"{client.dataset_path}{VERSIONS}/[!.]*.jsonl")
    return f"{VERSIONS}/{min(str(file).rpartition('/')[2] for file in files)}" if files else None
