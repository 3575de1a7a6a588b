"""dlt's load id, which each row has in `_dlt_load_id`: views show only rows of loads that are complete."""

from typing import Any, TypeAlias

import pyarrow as pa

from schemas.spec import Table

TableRows: TypeAlias = tuple[Table, pa.Table]
"""A table, and rows of it in its declared schema."""

LOAD_ID: "pa.Field[Any]" = pa.field("_dlt_load_id", pa.string(), nullable=False)


def with_load_id(rows: pa.Table, load_id: str) -> pa.Table:
    """Rows with the id of their load. dlt would add it only if a setting of all pipelines in the process says so."""
    return rows.append_column(LOAD_ID, pa.repeat(pa.scalar(load_id), rows.num_rows))
