"""The tables and views as sources of dbt, `dbt/models/sources.yml`, written from their declarations.

python -m schemas.dbt_sources            writes it
python -m schemas.dbt_sources --check    ends with 1 if it is not what would be written

https://docs.getdbt.com/reference/source-properties
"""

from pathlib import Path
from typing import Any

import click
import duckdb
import yaml

from schemas import TABLES, VIEWS
from schemas.dictionary import view_comment
from schemas.lake import SQL_TYPES, lake_sql
from schemas.spec import Column, Table

FILE = Path(__file__).parent.parent / "dbt" / "models" / "sources.yml"

SCHEMA = "{{ var('playlake_schema', 'spotify') }}"
DATABASE = "{{ var('playlake_database', target.database) }}"

COMPLETE = f"_dlt_load_id in (select load_id from {DATABASE}.{SCHEMA}._dlt_loads where status = 0)"  # noqa: S608 (dbt's)
"""Rows of loads that were cut off do not count."""

FRESH = {"loaded_at_field": "finished_at", "freshness": {"warn_after": {"count": 26, "period": "hour"}}}
"""For the table of syncs: how old the newest may be, as in `playlake status --check`."""


def sources() -> str:
    """All tables with their tests, and all views, as YAML."""
    with duckdb.connect() as connection:
        for statement in lake_sql("", ()):
            connection.execute(statement)
        views = [_view(name, connection) for name in VIEWS]
    source = {
        "name": "playlake",
        "description": "Spotify playlists, libraries and the catalogue around them, as playlake stores them.",
        "database": DATABASE,
        "schema": SCHEMA,
        "tables": [*(_table(table) for table in TABLES), *views],
    }
    head = "# Written by `make docs` from the declarations in schemas/: change those.\n"
    return head + yaml.safe_dump(
        {"version": 2, "sources": [source]}, sort_keys=False, allow_unicode=True, width=120, default_flow_style=False
    )


def _table(table: Table) -> dict[str, Any]:
    told: dict[str, Any] = {"name": table.name, "description": table.description}
    if table.name == "runs":
        told["config"] = FRESH
    if len(table.key) > 1:
        told["data_tests"] = [_tested("unique_together", columns=list(table.key))]
    return told | {"columns": [_column(table, column) for column in table.columns]}


def _column(table: Table, column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {"name": column.name, "description": column.description}
    told["data_type"] = SQL_TYPES[column.type]
    tests = [] if column.nullable else [_tested("not_null")]
    if table.key == (column.name,):
        tests.append(_tested("unique"))
    # Where it is no part of the key it may name what was never seen.
    if column.references and column.name in table.key:
        target, _, field = column.references.partition(".")
        tests.append(_tested("relationships", to=f"source('playlake', '{target}')", field=field))
    return told | ({"data_tests": tests} if tests else {})


def _tested(name: str, **arguments: Any) -> dict[str, Any]:
    """A test of the rows that count."""
    return {name: ({"arguments": arguments} if arguments else {}) | {"config": {"where": COMPLETE}}}


def _view(name: str, connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    columns = connection.execute(f"DESCRIBE {name}").fetchall()
    return {
        "name": name,
        "description": " ".join(view_comment(name)),
        "columns": [{"name": column, "data_type": type_} for column, type_, *_ in columns],
    }


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; end with 1 if the file is not what would be written.")
def main(*, check: bool) -> None:
    """Write the sources of dbt from the declared tables and views."""
    text = sources()
    if not check:
        FILE.write_text(text, encoding="utf-8")
    elif not FILE.is_file() or FILE.read_text(encoding="utf-8") != text:
        msg = f"{FILE} is stale: run make docs"
        raise click.ClickException(msg)


if __name__ == "__main__":
    main()
