"""SQL that shows a folder of Parquet files as the same tables and views that a database would hold.

dlt writes `<root>/<table>/<load_id>.<file_id>.parquet` and, when a load is complete, one file in
`<root>/_dlt_loads` (https://dlthub.com/docs/dlt-ecosystem/destinations/filesystem). Files of a load
that is not complete do not count. Files are only ever added, so a dimension's row is its newest version.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

import pyarrow as pa

from schemas import FUNCTIONS, TABLES, VIEWS, function_sql, view_sql
from schemas.spec import LISTS, Table

VIEWS_FILE = "views.sql"
"""Where the statements stand, beside the folders of the tables."""

LOADS_COLUMNS = {
    "load_id": "VARCHAR",
    "schema_name": "VARCHAR",
    "status": "BIGINT",
    "inserted_at": "TIMESTAMP WITH TIME ZONE",
    "schema_version_hash": "VARCHAR",
    "replaces": "VARCHAR[]",
}

SQL_TYPES: dict[pa.DataType, str] = {
    pa.string(): "VARCHAR",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.binary(): "BLOB",
    pa.date32(): "DATE",
    pa.timestamp("us", tz="UTC"): "TIMESTAMP WITH TIME ZONE",
    **LISTS,
}


PATHS_SAY_NOTHING = "hive_partitioning = false, filename = false"
NAMED = "hive_partitioning = false, filename = true"
"""For DuckDB: a folder's name that looks like `column=value` is no value of a column."""
COMPLETE = "_dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)"
MERGED_FROM = "_merged_from_load_id"
"""Column of merged files: the load that wrote a dimension's row, which identifies its newest version."""

OWN_NAMES = {
    "parquet": r"[\\/]\d+(\.\d+)?(~[\w-]+)?\.\w+\.parquet$",
    "jsonl": r"[\\/][^.\\/][^\\/]*__\d+(\.\d+)?(~[\w-]+)?\.jsonl$",
}
"""How paths of files of tables and of loads end, as regular expressions. Those of copies end otherwise."""
PATTERNS = {"parquet": "[0-9]*.parquet", "jsonl": "[!.]*__[0-9]*.jsonl"}
"""Which files are looked at: some systems put one beside each whose name begins with a point, and that is none."""

_GLOB_SIGNS = re.compile(r"[*?\[]")

Files = Mapping[str, Sequence[str]]
"""Patterns for the paths or URLs of each table's files."""


def lake_sql(root: str, present: Collection[str], files: Files | None = None, *, mark: str | None = None) -> list[str]:
    """The statements that make every table and view over a folder, for any DuckDB.

    Without `files` they find a folder that was moved, too: where the variable `lake` names it, or where DuckDB was
    started in it. The folder that they were written for is in each view, for connections that know no such variable.

    Args:
        root: the folder, a path or a bucket URL, without a slash at its end.
        present: names of the tables (`_dlt_loads` too) that have files; the others are shown empty.
        files: the files themselves, for a connection that lives shorter than they do, with the loads as they
            are now; by default patterns that also find the files of later loads.
        mark: a file below the folder that no other lake has, by which the current folder is known for it.
    """
    statements = tables_sql(root, present, files, mark=mark)
    statements += [_create(name, view_sql(name)) for name in VIEWS]
    statements += [f"{function_sql(name).strip()};\n" for name in FUNCTIONS]
    return statements


def tables_sql(
    root: str, present: Collection[str], files: Files | None = None, *, mark: str | None = None
) -> list[str]:
    """The same for tables alone: of each view that DuckDB makes it looks into the files again."""
    present = present if "_dlt_loads" in present else ()
    paths = {name: _pattern(root, name) if files is None else paths_sql(files[name]) for name in present}
    loads = _loads(paths["_dlt_loads"]) if present else _empty(LOADS_COLUMNS)
    statements = [_place(mark)] if files is None else []
    statements.append(_create("_dlt_loads", loads, "VIEW" if files is None else "TABLE"))
    for table in TABLES:
        columns = {c.name: SQL_TYPES[c.type] for c in table.columns} | {"_dlt_load_id": "VARCHAR"}
        select = _rows(table, paths[table.name]) if table.name in present else _empty(columns)
        statements.append(_create(table.name, select))
    return statements


def _place(mark: str | None) -> str:
    """Sets where the folder is, as far as this session knows better than the views."""
    here = f"WHEN EXISTS (FROM glob({text(literal(mark))})) THEN '.'" if mark is not None else ""
    return (
        "-- A lake that was moved: start DuckDB in this folder, or before this SET VARIABLE lake = '/where/it/is'.\n"
        "SET VARIABLE lake_folder = CASE\n"
        "    WHEN getvariable('lake') IS NOT NULL\n"
        "    THEN regexp_replace(rtrim(getvariable('lake'), '/'), '([*?[])', '[\\1]', 'g')\n"
        f"    {here}\n"
        "END;\n"
    )


def _pattern(root: str, table: str) -> str:
    """All files of a table, in SQL."""
    names = PATTERNS["jsonl" if table == "_dlt_loads" else "parquet"]
    return f"coalesce(getvariable('lake_folder'), {text(literal(root))}) || {text(f'/{table}/{names}')}"


def _create(name: str, select: str, kind: Literal["VIEW", "TABLE"] = "VIEW") -> str:
    return f"CREATE OR REPLACE {kind} {name} AS\n{select.strip()};\n"


def _empty(columns: dict[str, str]) -> str:
    nulls = ", ".join(f"NULL::{type_} AS {name}" for name, type_ in columns.items())
    return f"SELECT {nulls} WHERE false"


def _loads(paths: str) -> str:
    """Loads that are complete and that no compaction has replaced."""
    columns = ", ".join(f"{name}: '{type_}'" for name, type_ in LOADS_COLUMNS.items())
    files = f"read_json({paths}, format = 'newline_delimited', columns = {{{columns}}}, {NAMED})"
    return (
        f"WITH loads AS MATERIALIZED (\n    SELECT * EXCLUDE (filename) FROM {files}\n"  # noqa: S608 (names are our own)
        f"    WHERE regexp_matches(filename, {text(OWN_NAMES['jsonl'])})\n)\n"
        "SELECT * FROM loads\n"
        "WHERE load_id NOT IN (SELECT unnest(replaces) FROM loads WHERE replaces IS NOT NULL)"
    )


def _rows(table: Table, paths: str) -> str:
    """A fact's rows as they are, a dimension's newest version of each key."""
    columns = ", ".join([c.name for c in table.columns if c.name != "removed"] + ["_dlt_load_id"])
    if table.kind == "fact":
        return f"SELECT {columns}\nFROM {_files(table, paths)}\nWHERE {COMPLETE}"
    kept = "\nWHERE removed IS NOT true" if table.kind == "child" else ""
    return f"SELECT {columns}\nFROM (\n{newest_rows(table, paths)}\n){kept}"


def newest_rows(table: Table, paths: str) -> str:
    """The newest version of each key of a dimension or part, those that only take something away too.

    What a load says counts as of that load, wherever its rows were merged to: one that began earlier may complete
    after a compaction.

    Args:
        table: the table.
        paths: where its files are, in SQL.
    """
    written = f"coalesce({MERGED_FROM}, _dlt_load_id)"
    newest = f"row_number() OVER (PARTITION BY {', '.join(table.key)} ORDER BY {written} DESC) = 1"
    return f"SELECT *\nFROM {_files(table, paths)}\nWHERE {COMPLETE}\nQUALIFY {newest}"


def _files(table: Table, paths: str) -> str:
    types = {column.name: SQL_TYPES[column.type] for column in table.columns} | {"_dlt_load_id": "VARCHAR"}
    if table.kind != "fact":
        types[MERGED_FROM] = "VARCHAR"
    # Files of an older version may lack a column, and then perhaps all of them do.
    return (
        f"(\n    {_empty(types)}\n    UNION ALL BY NAME\n"  # noqa: S608
        f"    SELECT * EXCLUDE (filename) FROM read_parquet({paths}, union_by_name = true, {NAMED})\n"
        f"    WHERE regexp_matches(filename, {text(OWN_NAMES['parquet'])})\n)"
    )


def literal(path: str) -> str:
    """A path as a pattern that only means itself."""
    return _GLOB_SIGNS.sub(r"[\g<0>]", path)


def paths_sql(paths: Sequence[str]) -> str:
    """A list of patterns, in SQL."""
    return text(paths[0]) if len(paths) == 1 else f"[{', '.join(map(text, paths))}]"


def text(value: str) -> str:
    """A text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"
