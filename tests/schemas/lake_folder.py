"""A folder of Parquet files as dlt's filesystem destination leaves it, written without dlt."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from schemas import TABLES
from schemas.lake import lake_sql

BY_NAME = {table.name: table for table in TABLES}


class LakeFolder:
    """A dataset's folder.

    Args:
        root: the folder, which is made.
    """

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True)
        self.root = root
        self.present: set[str] = set()

    def write(
        self,
        load_id: str,
        rows: Mapping[str, Iterable[Mapping[str, Any]]],
        *,
        without: Iterable[str] = (),
        copies: int = 1,
    ) -> None:
        """The files of a load, one a table; not yet a complete load.

        Args:
            load_id: the load.
            rows: by table, each with the columns that are not null.
            without: columns that the writer did not know.
            copies: how many files hold these same rows.
        """
        for name, values in rows.items():
            fields = [pa.field(c.name, c.type) for c in BY_NAME[name].columns if c.name not in without]
            schema = pa.schema([*fields, pa.field("_dlt_load_id", pa.string())])
            table = pa.Table.from_pylist([{**row, "_dlt_load_id": load_id} for row in values], schema)
            folder = self.root / name
            folder.mkdir(exist_ok=True)
            for copy in range(copies):
                pq.write_table(table, folder / f"{load_id}.{copy:010x}.parquet")
            self.present.add(name)

    def complete(self, load_id: str, *, replaces: Iterable[str] | None = None) -> None:
        """The file that makes a load count; a compaction names the loads whose place it takes."""
        record = {
            "load_id": load_id,
            "schema_name": "spotify",
            "status": 0,
            "inserted_at": "2026-01-01T00:00:00+00:00",
            "schema_version_hash": "x",
        }
        if replaces is not None:
            record["replaces"] = list(replaces)
        folder = self.root / "_dlt_loads"
        folder.mkdir(exist_ok=True)
        (folder / f"spotify__{load_id}.jsonl").write_text(json.dumps(record) + "\n")
        self.present.add("_dlt_loads")

    def load(self, load_id: str, rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        """A complete load."""
        self.write(load_id, rows)
        self.complete(load_id)

    def open(self, *, by_pattern: bool = True) -> duckdb.DuckDBPyConnection:
        """An in-memory database with the tables and views over the folder, its files found by pattern or listed."""
        files = {name: [str(file) for file in (self.root / name).iterdir()] for name in self.present}
        connection = duckdb.connect()
        for statement in lake_sql(str(self.root), self.present, None if by_pattern else files):
            connection.execute(statement)
        return connection

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query, sorted; the same whichever way files are found."""
        with self.open(by_pattern=True) as found, self.open(by_pattern=False) as listed:
            rows, same = (sorted(connection.execute(sql).fetchall()) for connection in (found, listed))
        assert rows == same
        return rows
