"""Files of a lake that cannot be read: truncated, empty, of other contents, or without permission."""

import json
from collections.abc import Iterator
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from schemas import TABLES
from schemas.spec import Column, Table
from sources.errors import DestinationError
from sources.stored.dlt_adapter import FilesClient
from sources.stored.lake_folder import LakeFile, files_of

SHOWN = 5
"""Damaged files that a message names."""


def damage(client: FilesClient) -> DestinationError | None:
    """The error that names the files that cannot be read; null if all can. It reads every file."""
    found = list(_damaged(client))
    if not found:
        return None
    shown = "; ".join(f"{file.path} is damaged ({why})" for file, why in found[:SHOWN])
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    those = "it" if len(found) == 1 else "them"
    kinds, then = {file.kind for file, _ in found}, list[str]()
    if "record" in kinds:
        then.append("playlake compact --restore-records, which restores the records of loads")
    if "data" in kinds:
        then.append("playlake sync --full, which reads again all that Spotify still has")
    return DestinationError(
        f"{shown}{more}: restore {those} from a backup, or delete {those} and run {', then '.join(then)}."
    )


def _damaged(client: FilesClient) -> Iterator[tuple[LakeFile, str]]:
    """Files that cannot be read as what they should be, and why."""
    tables = {table.name: table for table in TABLES}
    for file in files_of(client):
        try:
            if file.kind == "record":
                _read_record(client, file.path)
            elif file.kind == "data":
                _read_rows(client, file.path, tables[file.folder])
        except (pa.ArrowException, OSError, ValueError) as error:
            yield file, " ".join(str(error).split())[:200] or type(error).__name__


def _read_record(client: FilesClient, path: str) -> None:
    if "load_id" not in json.loads(client.fs_client.cat_file(path)):
        msg = "it names no load"
        raise ValueError(msg)


def _read_rows(client: FilesClient, path: str, table: Table) -> None:
    with cast("Any", client.fs_client).open(path, "rb") as file:
        parquet = pq.ParquetFile(file)
        types = dict(zip(parquet.schema_arrow.names, parquet.schema_arrow.types, strict=True))
        others = [column.name for column in table.columns if not _holds(types.get(column.name), column)]
        if others or "_dlt_load_id" not in types:
            msg = (
                f"it is not a file of {table.name}: {', '.join(others) or '_dlt_load_id'} is missing or of another type"
            )
            raise ValueError(msg)
        for _ in parquet.iter_batches():
            pass


def _holds(there: "pa.DataType | None", column: Column) -> bool:
    """Whether a column is what it should be; those of earlier versions may lack one, and be all null."""
    wanted = column.type
    if there is None or pa.types.is_null(there):
        return column.nullable
    kinds = (
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_timestamp,
        pa.types.is_boolean,
        pa.types.is_date,
        pa.types.is_list,
    )
    if any(kind(wanted) for kind in kinds):
        return any(kind(wanted) and kind(there) for kind in kinds)
    return not any(kind(there) for kind in kinds)
