"""SQL that shows a folder of Parquet files as tables and views of Spark SQL, as `schemas.lake` does for DuckDB.

All are temporary views of a session. A relation of Spark's knows the files that it found when it was made
(https://spark.apache.org/docs/latest/sql-data-sources-parquet.html#metadata-refreshing), so a session that runs the
statements reads the lake as it was then.
"""

from collections.abc import Collection

import pyarrow as pa

from schemas import FUNCTIONS, TABLES, VIEWS, function_sql, view_sql
from schemas.lake import COMPLETE, MERGED_FROM
from schemas.spec import KEYS, URIS, Table

SPARK_TYPES: dict[pa.DataType, str] = {
    pa.string(): "STRING",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.binary(): "BINARY",
    pa.date32(): "DATE",
    pa.timestamp("us", tz="UTC"): "TIMESTAMP",
    KEYS: "ARRAY<BIGINT>",
    URIS: "ARRAY<STRING>",
}
"""What Spark calls the types of columns; `TIMESTAMP` is a moment, shown in the session's time zone."""

LOADS_COLUMNS = {
    "load_id": "STRING",
    "schema_name": "STRING",
    "status": "BIGINT",
    "inserted_at": "TIMESTAMP",
    "schema_version_hash": "STRING",
    "replaces": "ARRAY<STRING>",
}

OWN_NAMES = {
    "parquet": "[0-9]*.{compact," + "[0-9a-f]" * 10 + "}.parquet",
    "json": "*__[0-9]*[0-9a-f].jsonl",
}
"""Which names files of tables and of loads have, as patterns of Hadoop's; dlt's ids of files have ten digits.

Those of copies (`… copy.parquet`, `… (1).jsonl`) end otherwise. A temporary view has no `_metadata.file_name` to test.
"""

SCHEMES = {"s3": "s3a", "az": "abfss", "abfs": "abfss"}
"""What Hadoop calls the protocols of buckets."""

FILES = "_files"
"""What the name of a table's files ends with, all of their rows."""


def spark_sql(root: str, present: Collection[str]) -> list[str]:
    """The statements that make every table and view over a folder, for a session of Spark 4.

    Args:
        root: the folder, an absolute path or a bucket URL, without a slash at its end.
        present: names of the tables (`_dlt_loads` too) that have files; the others are shown empty.
    """
    present = present if "_dlt_loads" in present else ()
    statements = _loads(root) if present else [_view("_dlt_loads", _empty(LOADS_COLUMNS))]
    for table in TABLES:
        if table.name in present:
            statements += [_files(root, table.name, _stored(table), "parquet"), _view(table.name, _rows(table))]
        else:
            statements.append(_view(table.name, _empty(_columns(table))))
    statements += [_view(name, view_sql(name, "spark")) for name in VIEWS]
    statements += [f"{function_sql(name, 'spark').strip()};\n" for name in FUNCTIONS]
    return statements


def _view(name: str, select: str) -> str:
    return f"CREATE OR REPLACE TEMPORARY VIEW {name} AS\n{select.strip()};\n"


def _columns(table: Table) -> dict[str, str]:
    """The columns that people see, as an empty table shows them."""
    return {c.name: SPARK_TYPES[c.type] for c in table.columns if c.name != "removed"} | {"_dlt_load_id": "STRING"}


def _stored(table: Table) -> dict[str, str]:
    """The columns that files may have."""
    columns = {c.name: SPARK_TYPES[c.type] for c in table.columns} | {"_dlt_load_id": "STRING"}
    return columns if table.kind == "fact" else columns | {MERGED_FROM: "STRING"}


def _empty(columns: dict[str, str]) -> str:
    nulls = ", ".join(f"CAST(NULL AS {type_}) AS {name}" for name, type_ in columns.items())
    return f"SELECT {nulls} WHERE false"


def _files(root: str, table: str, columns: dict[str, str], format_: str) -> str:
    """All rows of a table's files. The columns are declared: where a file of an older version lacks one, it is null."""
    declared = ", ".join(f"{name} {type_}" for name, type_ in columns.items())
    options = {"path": f"{spark_url(root)}/{table}", "pathGlobFilter": OWN_NAMES[format_]}
    if format_ == "json":
        options["mode"] = "FAILFAST"
    given = ", ".join(f"{name} {text(value)}" for name, value in options.items())
    return f"CREATE OR REPLACE TEMPORARY VIEW {table}{FILES} ({declared})\nUSING {format_}\nOPTIONS ({given});\n"


def _loads(root: str) -> list[str]:
    """Loads that are complete and that no compaction has replaced; kept in memory, since every table asks for them."""
    files = f"_dlt_loads{FILES}"
    replaced = f"SELECT explode(replaces) FROM {files}"  # noqa: S608 (names are our own)
    select = f"SELECT * FROM {files}\nWHERE load_id NOT IN ({replaced})"  # noqa: S608
    return [
        _files(root, "_dlt_loads", LOADS_COLUMNS, "json"),
        _view("_dlt_loads", select),
        "CACHE TABLE _dlt_loads;\n",
    ]


def _rows(table: Table) -> str:
    """A fact's rows as they are, a dimension's newest version of each key."""
    columns = ", ".join(_columns(table))
    rows = f"FROM {table.name}{FILES}\nWHERE {COMPLETE}"
    if table.kind == "fact":
        return f"SELECT {columns}\n{rows}"
    written = f"coalesce({MERGED_FROM}, _dlt_load_id)"
    newest = f"row_number() OVER (PARTITION BY {', '.join(table.key)} ORDER BY {written} DESC) = 1"
    kept = "\nWHERE removed IS NOT true" if table.kind == "child" else ""
    return f"SELECT {columns}\nFROM (\nSELECT *\n{rows}\nQUALIFY {newest}\n){kept}"


def spark_url(root: str) -> str:
    """A folder as Hadoop names it: a file URL, or the bucket with the protocol of Hadoop's connector."""
    scheme, colon, rest = root.partition("://")
    url = f"{SCHEMES.get(scheme, scheme)}://{rest}" if colon else f"file://{root}"
    return "".join(f"\\{sign}" if sign in "*?[]{}\\" else sign for sign in url)


def text(value: str) -> str:
    """A text as Spark's SQL writes it, where a backslash escapes."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
