"""Files of a lake that cannot be read: cut, empty, of other contents, or kept from us."""

import json
from collections.abc import Iterator
from typing import Any, cast

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from dlt.destinations.impl.filesystem.filesystem import FilesystemClient

from schemas import TABLES
from schemas.table import Table
from sources.errors import DestinationError
from sources.spotify.lake_folder import LOADS

RECORD = ".jsonl"
"""How names of records of loads end."""

SHOWN = 5
"""Damaged files that a message names."""


def damage(client: FilesystemClient) -> DestinationError | None:
    """What to say of the files that cannot be read; null if all can. It reads all that is there."""
    found = list(_damaged(client))
    if not found:
        return None
    shown = "; ".join(f"{path} is damaged ({why})" for path, why in found[:SHOWN])
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    those = "it" if len(found) == 1 else "them"
    records = sum(path.endswith(RECORD) for path, _ in found)
    mends = ["playlake compact --restore-records, which writes lost records of loads again"] if records else []
    if records < len(found):
        mends.append("playlake sync --full, which brings back all that Spotify still has")
    return DestinationError(
        f"{shown}{more}: restore {those} from a backup, or delete {those} and run {', then '.join(mends)}."
    )


def is_of_reading(error: BaseException | None) -> bool:
    """Whether an error may come from the contents of a file, and not from a statement."""
    return isinstance(error, pa.ArrowException | OSError | UnicodeDecodeError | json.JSONDecodeError) or (
        isinstance(error, duckdb.Error) and not isinstance(error, duckdb.ParserException | duckdb.BinderException)
    )


def _damaged(client: FilesystemClient) -> Iterator[tuple[str, str]]:
    """Paths of files that cannot be read as what they should be, and why."""
    tables = {table.name: table for table in TABLES}
    for path in sorted(map(str, client.fs_client.find(client.dataset_path))):
        folder, _, name = path.rpartition("/")
        table = folder.rpartition("/")[2]
        try:
            if table == LOADS and name.endswith(RECORD):
                _read_record(client, path)
            elif table in tables and name.endswith(".parquet"):
                _read_rows(client, path, tables[table])
        except (pa.ArrowException, OSError, ValueError) as error:
            yield path, " ".join(str(error).split())[:200] or type(error).__name__


def _read_record(client: FilesystemClient, path: str) -> None:
    if "load_id" not in json.loads(client.fs_client.cat_file(path)):
        msg = "it names no load"
        raise ValueError(msg)


def _read_rows(client: FilesystemClient, path: str, table: Table) -> None:
    with cast("Any", client.fs_client).open(path, "rb") as file:
        parquet = pq.ParquetFile(file)
        types = dict(zip(parquet.schema_arrow.names, parquet.schema_arrow.types, strict=True))
        others = [column.name for column in table.columns if not _holds(types.get(column.name), column.type)]
        if others or "_dlt_load_id" not in types:
            msg = f"it is no file of {table.name}: {', '.join(others) or '_dlt_load_id'} is missing or of another type"
            raise ValueError(msg)
        for _ in parquet.iter_batches():
            pass


def _holds(there: "pa.DataType | None", wanted: pa.DataType) -> bool:
    """Whether a column is what it should be; those of earlier versions may lack one, and be all null."""
    if there is None or pa.types.is_null(there):
        return True
    kinds = (pa.types.is_integer, pa.types.is_timestamp, pa.types.is_boolean, pa.types.is_date, pa.types.is_list)
    if any(kind(wanted) for kind in kinds):
        return any(kind(wanted) and kind(there) for kind in kinds)
    return not any(kind(there) for kind in kinds) and not pa.types.is_floating(there)
