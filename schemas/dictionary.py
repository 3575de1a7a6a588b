"""The data dictionary and the diagram in `docs/`, written from the declared tables and views.

python -m schemas.dictionary            writes them
python -m schemas.dictionary --check    ends with 1 if they are not what would be written
"""

from collections.abc import Collection, Iterator
from pathlib import Path

import click
import duckdb
import pyarrow as pa

from schemas import FUNCTIONS, TABLES, VIEWS, example, view_sql
from schemas.areas import AREAS
from schemas.lake import SQL_TYPES, lake_sql
from schemas.spec import Column, Table

DOCS = Path(__file__).parent.parent / "docs"

KINDS = {
    "fact": "Rows are only ever added.",
    "dimension": "One row per key, as it was last seen.",
    "child": "Elements of a list: a later list takes the place of the whole earlier one.",
}

UPDATES = {
    "replace": "replaces it, by null too",
    "value": "replaces it, unless by null",
    "coalesce": "replaces it, unless by nothing",
    "since": "leaves it until the name is back",
    "insert_only": "leaves it",
    "renewed": "replaces it, if later by `describe_after`",
}

LOGICAL = (
    ("playlist_additions.track_id", "tracks.track_id"),
    ("playlist_additions.item_uri", "tracks.track_uri"),
    ("playlist_additions.item_uri", "unknown_items.item_uri"),
    ("playlist_addition_authors.item_key", "playlist_additions.item_key"),
    ("playlist_snapshots.item_keys", "playlist_additions.item_key"),
)
"""Columns that join without pointing to a whole key: local files have no id, relinked tracks another URI."""

INTRODUCTION = """\
# Data dictionary

Written by `make docs` from the declarations in `schemas/`; the [diagrams](er_diagram.md) draw their keys.

Types are DuckDB's. Ids are text as Spotify sends it, times are UTC. Every table also has `_dlt_load_id`, the load that
wrote a row: those in `_dlt_loads` with `status = 0` are complete, and only these count. The views show nothing else. On
DuckDB a list of `item_key` is stored as JSON, in Parquet as a list: `item_keys::BIGINT[]` reads both.

Spotify blanks what it takes down: an empty text, a length of 0, the date `0000`. Where a later row replaces a value
*unless by nothing*, these count as not sent, and the stored value stays. So do lists in which no element has a name or
an address, except for a playlist's images. Where nothing is stored, they are stored as sent.
"""


DIAGRAM_INTRODUCTION = """\
# Table diagrams

Written by `make docs`. Only keys and joins are drawn; the [data dictionary](data_dictionary.md) has the rest. On the
site, click a diagram to see it large. A box without columns is a table that another diagram shows.

The column of a solid line is part of its table's key. That of a dotted one may be null, or name what was never seen:
no destination enforces any of them.
"""


def data_dictionary() -> str:
    """All tables and views in Markdown."""
    lines = [INTRODUCTION, "## Tables", "", "| table | a row is |", "|---|---|"]
    lines += [f"| [`{table.name}`](#{table.name}) | {table.description} |" for table in TABLES]
    lines += ["", "## Views", "", "| view | a row is |", "|---|---|"]
    lines += [f"| [`{name}`](#{name}) | {view_comment(name)[0]} |" for name in VIEWS]
    lines += ["", "## As of a time, and between two", "", "| function | a row is |", "|---|---|"]
    lines += [f"| [`{name}`](#{name}) | {view_comment(name)[0]} |" for name in FUNCTIONS]
    for table in TABLES:
        lines += _table(table)
    with duckdb.connect() as connection:
        for statement in lake_sql("", ()):
            connection.execute(statement)
        for name in VIEWS:
            lines += _view(name, connection)
    lines += [line for name in FUNCTIONS for line in _function(name)]
    return "\n".join(lines) + "\n"


def er_diagram() -> str:
    """The tables' keys and what points to what, as Mermaid diagrams in Markdown."""
    return DIAGRAM_INTRODUCTION + "".join(_diagram(title, names) for title, names in AREAS.items())


def _diagram(title: str, names: Collection[str]) -> str:
    """The diagram of some tables; a table elsewhere that one of them points to is a box without columns."""
    tables = [table for table in TABLES if table.name in names]
    relations = [line for table in tables for column in table.columns for line in _relation(table, column)]
    relations += [_join(*pair) for pair in LOGICAL if pair[0].partition(".")[0] in names]
    boxes = [line for table in tables for line in _box(table)]
    return "\n".join(["", f"## {title}", "", "```mermaid", "erDiagram", *relations, *boxes, "```", ""])


def _table(table: Table) -> Iterator[str]:
    keys = ", ".join(f"`{name}`" for name in table.key)
    changes = table.kind == "dimension"
    heading = "| column | type | null | description | points to |" + (" a later row |" if changes else "")
    yield from ("", f"### {table.name}", "", table.description, f"{KINDS[table.kind]} Key: {keys}.", "")
    yield from (heading, "|---|---|---|---|---|" + ("---|" if changes else ""))
    for column in table.columns:
        points = f"`{column.references}`" if column.references else ""
        null = "yes" if column.nullable else "no"
        row = f"| `{column.name}` | {_type(column)} | {null} | {_cell(column.description)} | {points} |"
        later = "" if column.name in table.key else UPDATES[column.update]
        yield f"{row} {later} |" if changes else row


def _view(name: str, connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    yield from ("", f"### {name}", "", *view_comment(name), "", "| column | type |", "|---|---|")
    for column, type_, *_ in connection.execute(f"DESCRIBE {name}").fetchall():
        yield f"| `{column}` | {_short(type_)} |"


def _function(name: str) -> Iterator[str]:
    yield from ("", f"### {name}", "", *view_comment(name), "")
    yield from ("```sql", f"FROM {example(name)}", "```", "")
    yield f"The columns are those of [`{FUNCTIONS[name]}`](#{FUNCTIONS[name]})."


def view_comment(view: str) -> list[str]:
    """The lines of comment at the head of a view's file."""
    lines = view_sql(view).splitlines()
    head = next(place for place, line in enumerate(lines) if not line.startswith("--"))
    return [line.removeprefix("--").strip() for line in lines[:head]]


def _relation(table: Table, column: Column) -> Iterator[str]:
    """From one row, or perhaps none, to any number of others."""
    if column.references:
        other, _, _ = column.references.partition(".")
        line = "--" if column.name in table.key else ".."
        one = "|o" if column.nullable else "||"
        yield f'    {other} {one}{line}o{{ {table.name} : "{column.name}"'


def _join(column: str, other: str) -> str:
    (table, name), (target, _) = column.split("."), other.split(".")
    declared = next(declared for declared in TABLES if declared.name == table)[name]
    one = "}o" if pa.types.is_list(declared.type) else "|o"
    return f'    {target} {one}..o{{ {table} : "{name}"'


def _box(table: Table) -> Iterator[str]:
    joined = {name for pair in LOGICAL for name in pair}
    yield f"    {table.name} {{"
    for column in table.columns:
        primary = ["PK"] if column.name in table.key else []
        foreign = ["FK"] if column.references else []
        if primary or foreign or f"{table.name}.{column.name}" in joined:
            yield f"        {_type(column)} {column.name} {', '.join(primary + foreign)}".rstrip()
    yield "    }"


def _type(column: Column) -> str:
    return _short(SQL_TYPES[column.type])


def _short(type_: str) -> str:
    return type_.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def documents() -> dict[Path, str]:
    """What is written, by file."""
    return {DOCS / "data_dictionary.md": data_dictionary(), DOCS / "er_diagram.md": er_diagram()}


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; end with 1 if a file is not what would be written.")
def main(*, check: bool) -> None:
    """Write the data dictionary and the diagram from the declared tables and views."""
    for file, text in documents().items():
        if not check:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        elif not file.is_file() or file.read_text(encoding="utf-8") != text:
            msg = f"{file} is stale: run make docs"
            raise click.ClickException(msg)


if __name__ == "__main__":
    main()
