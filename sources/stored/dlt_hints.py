"""Converts Arrow batches and the declared tables to dlt items with hints: keys, descriptions, write dispositions.

https://dlthub.com/docs/general-usage/source#the-source-function-and-dlt-mark and
https://dlthub.com/docs/general-usage/merge-loading
"""

from collections.abc import Collection, Iterator
from typing import Any

import dlt
import pyarrow as pa
from dlt.common.schema.typing import TColumnSchema, TTableReference, TWriteDispositionConfig

from schemas import TABLES
from schemas.spec import Table
from sources.stored.dlt_adapter import writes_files
from sources.stored.load_id import with_load_id


class DltItems:
    """Converts Arrow batches to dlt items, in one extract.

    Args:
        pipeline: the pipeline that extracts, or null outside of one.
        existing: tables that the destination has, with all columns.
        load_id: the load of the rows, by which views show only complete loads.
    """

    def __init__(self, pipeline: Any, existing: Collection[str], load_id: str) -> None:
        self._merges = _supports_upsert(pipeline)
        self._load_id = load_id
        self._declared: set[str] = set()
        self._existing = existing

    def items(self, table: Table, rows: pa.Table) -> Iterator[Any]:
        """A batch; the first of a table carries its hints and so creates it."""
        if not rows.num_rows:
            return
        yield self._item(table, rows)

    def empty_tables(self) -> Iterator[Any]:
        """An empty batch for each table that the destination lacks, so that every query finds tables and columns."""
        for table in TABLES:
            if table.name not in self._declared and table.name not in self._existing:
                yield self._item(table, table.arrow.empty_table())

    def _item(self, table: Table, rows: pa.Table) -> Any:
        rows = with_load_id(rows, self._load_id)
        if table.name in self._declared:
            return dlt.mark.with_table_name(rows, table.name)
        self._declared.add(table.name)
        hints = dlt.mark.make_hints(
            table_name=table.name,
            primary_key=list(table.key),
            columns=columns(table, merged=self._merges),
            references=references(table),
            write_disposition=self._disposition(table),
            additional_table_hints={"description": table.description},
        )
        return dlt.mark.with_hints(rows, hints, create_table_variant=True)

    def _disposition(self, table: Table) -> TWriteDispositionConfig:
        """Facts are appended; what is current replaces what was, where the destination can do that."""
        if table.kind == "fact" or not self._merges:
            return "append"
        return {"disposition": "merge", "strategy": "upsert"}


def columns(table: Table, *, merged: bool) -> dict[str, TColumnSchema]:
    """The columns as dlt declares them; their types come from Arrow."""
    declared: dict[str, TColumnSchema] = {}
    for column in table.columns:
        declared[column.name] = {"name": column.name, "description": column.description, "nullable": column.nullable}
    if table.kind == "child" and merged:
        declared["removed"]["hard_delete"] = True
    return declared


def references(table: Table) -> list[TTableReference]:
    """Where columns point to, for schema exports and diagrams."""
    found: list[TTableReference] = []
    for column in table.columns:
        if column.references:
            other, _, referenced = column.references.partition(".")
            found.append({"columns": [column.name], "referenced_table": other, "referenced_columns": [referenced]})
    return found


def _supports_upsert(pipeline: Any) -> bool:
    """Whether a later row can take an earlier one's place; plain files can only be added to."""
    if pipeline is None or pipeline.destination is None:
        return False
    capabilities = pipeline.destination.capabilities()
    return "upsert" in (capabilities.supported_merge_strategies or []) and not writes_files(pipeline.destination)
