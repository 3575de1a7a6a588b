"""A dlt destination that writes rows to a playlist."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Unpack

import dlt
from dlt.common.schema import TTableSchema

from pipelines.destinations.lake import Lake
from pipelines.operations.writing.push import Mode, push
from sources.errors import ConfigurationError
from sources.spotify.config import SourceSettings

COLUMN = "item_uri"


def spotify_playlist(
    to: str,
    *,
    path: str | None = None,
    mode: Mode = "replace",
    lake: Lake | None = None,
    **settings: Unpack[SourceSettings],
) -> Any:
    """A destination for `dlt.pipeline`: the rows that a load brings become a playlist, in their order.

    A load is to have one table with a column `item_uri`, in one file, as dlt writes it if nothing is said. A load that
    is repeated changes nothing.

    Args:
        to: id, URI or link of the playlist.
        path: the DuckDB file or Parquet folder with the lake in which the playlist is kept; `playlake.duckdb` if
            nothing is said.
        mode: `replace` what is on it, or `append` what is not on it yet.
        lake: in place of a path.
        **settings: arguments of `sources.spotify.spotify_playlists`.

    Raises:
        PlaylakeError: in the load, as `push`.
    """
    kept = lake or Lake(path=path)
    loaded: dict[str, list[str]] = {}

    # All rows of a file at once: a playlist that is replaced needs all that is to be on it.
    @dlt.destination(batch_size=0, loader_file_format="parquet", name="spotify_playlist", max_parallel_load_jobs=1)
    def load(file: Any, table: TTableSchema, /) -> None:
        name = str(table["name"])
        # A file that is tried again has another number behind its name and id.
        load_id, this = Path(file).parent.parent.name, Path(file).name.split(".")[:2]
        if mode == "replace" and loaded.setdefault(load_id, this) != this:
            msg = (
                f"A load for playlist {to} has more than one file ({name}), and each would replace what the others "
                "bring: load one table, and leave dlt's file_max_items and file_max_bytes unset."
            )
            raise ConfigurationError(msg)
        push(list(_uris(file, name)), to=to, mode=mode, lake=kept, **settings)

    return load()


def _uris(file: str, table: str) -> Iterator[str]:
    import pyarrow.parquet as pq

    columns = pq.read_schema(file).names
    if COLUMN not in columns:
        msg = f"The table {table} has no column {COLUMN}, which a playlist is made of; it has {', '.join(columns)}."
        raise ConfigurationError(msg)
    for uri in pq.read_table(file, columns=[COLUMN]).column(COLUMN).to_pylist():
        # One that is null is refused with the others that are no items.
        yield uri or ""
