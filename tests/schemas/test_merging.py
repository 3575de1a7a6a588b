"""What a later row does to a stored one is the same in SQL and in Python."""

from itertools import product
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from schemas import TABLES
from schemas.merging import merged, merged_sql
from schemas.spec import INT, TEXT, TIME, Column, Table, key

TABLE = Table(
    name="things",
    description="A thing.",
    key=("id",),
    kind="dimension",
    names="name",
    columns=(
        key("id", TEXT, "Which.", "id"),
        Column("name", TEXT, "Name.", "name", update="coalesce"),
        Column("length", INT, "Length.", "length", update="coalesce", blank=(0,)),
        Column("date", TEXT, "Date.", "date", update="coalesce", blank=("0000",)),
        Column("precision", TEXT, "Of the date.", "precision", update="coalesce", follows="date"),
        Column("words", TEXT, "Words.", "words", update="value"),
        Column("since", TIME, "Since.", "since", update="since"),
        Column("first", TEXT, "First.", "first", update="insert_only"),
    ),
)
ROWS = [
    ("x", *values)
    for values in product(
        ("A", "", None), (5, 0), ("1981", "0000", None), ("year",), ("B", "", None), (None,), ("D", None)
    )
]


def test_sql_and_python_agree() -> None:
    """For every pair of values of every kind of column."""
    after = ", ".join(merged_sql(TABLE, column) for column in TABLE.columns)
    newer = [row[:1] + tuple("new" if value == "year" else value for value in row[1:]) for row in ROWS]
    with duckdb.connect() as connection:
        connection.register("o", _arrow(ROWS))
        connection.register("n", _arrow(newer))
        found = connection.execute(f"SELECT {after} FROM o CROSS JOIN n").fetchall()
    expected = [tuple(merged(TABLE, old, new)) for old in ROWS for new in newer]
    assert sorted(map(repr, found)) == sorted(map(repr, expected))


@pytest.mark.parametrize(
    ("update", "old", "new", "then"),
    [
        ("coalesce", "A", "", "A"),
        ("coalesce", "A", None, "A"),
        ("coalesce", None, "", ""),
        ("coalesce", "", None, ""),
        ("coalesce", "", "A", "A"),
        ("value", "A", "", ""),
        ("value", "A", None, "A"),
        ("replace", "A", None, "A"),
        ("replace", "A", "", ""),
        ("insert_only", "A", "B", "A"),
    ],
)
def test_merged_values(update: Any, old: str | None, new: str | None, then: str | None) -> None:
    """Worked examples of each kind."""
    table = Table("things", "A thing.", ("id",), (Column("text", TEXT, "Text.", "text", update=update),), "dimension")
    assert merged(table, [old], [new]) == [then]


@pytest.mark.parametrize("table", [table for table in TABLES if table.kind != "fact"], ids=lambda table: table.name)
def test_every_column_says_what_a_later_row_does(table: Table) -> None:
    """Whatever text a dimension has is kept from being blanked, but for what people empty and what ends by itself."""
    emptied = {"playlists": {"name", "description"}}.get(table.name, set()) | {
        "available_markets",
        "restriction_reason",
    }
    if table.kind == "dimension" and table.name != "cover_checks":
        texts = {c.name for c in table.columns if c.type == TEXT and c.name not in table.key}
        assert {c.name for c in table.columns if c.update == "coalesce" and c.type == TEXT} == texts - emptied
    if table.kind == "child":
        assert (table.names is None) == (table.name == "playlist_images")


def _arrow(rows: list[tuple[Any, ...]]) -> pa.Table:
    columns: list[Any] = list(zip(*rows, strict=True))
    return pa.Table.from_arrays(
        [pa.array(values, c.type) for values, c in zip(columns, TABLE.columns, strict=True)],
        names=[c.name for c in TABLE.columns],
    )
