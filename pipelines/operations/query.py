"""Runs SQL on a lake, and formats the results as tables, JSON or CSV."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Literal

import duckdb

from pipelines.destinations.lake import Lake
from pipelines.operations.cells import text_of
from pipelines.operations.csv_cells import guarded
from pipelines.operations.result import Result as Result
from pipelines.operations.sql_statements import statements
from pipelines.operations.terminal_tables import Screen, shown
from sources.errors import ConfigurationError
from sources.safe_text import is_encodable, printable

if TYPE_CHECKING:
    from rich.table import Table as RichTable

Format = Literal["table", "json", "csv"]
FORMATS: tuple[Format, ...] = ("table", "json", "csv")
SHOWN = 1000
"""Maximum number of rows of a table in a file or pipe."""
COUNTED = 10_000
"""Rows that are counted at once."""
WIDE = 10_000
"""Width of text if there is no terminal."""
HINTS = {
    "sum(INTERVAL)": "DuckDB adds no lengths of time: add their seconds, as in sum(epoch(duration)) / 3600 for hours.",
    '"removed_by" not found': "Spotify does not say who removed an item; added_by is who had added it.",
    "Catalog Error: Table with name": "The command .tables lists the views and tables.",
}
"""What to do about an error of DuckDB's that says it in no other way, by a part of its text."""

NULL_NOTE = (
    "NOT IN (SELECT …) finds nothing if that query gives a null, and items that Spotify hides have no URI: "
    "add WHERE item_uri IS NOT NULL to it."
)
"""Beside an answer that is empty because of a null."""
MOST_TABLES = 5
"""A column in more tables than this is not looked for: its name says too little."""
_NOT_IN_QUERY = re.compile(r"\bNOT\s+IN\s*\(\s*(?:SELECT|FROM)\b", re.IGNORECASE)
_WITHOUT_NULLS = re.compile(r"\bIS\s+NOT\s+NULL\b|\bNOTNULL\b", re.IGNORECASE)
_MISSING_COLUMN = re.compile(r'Referenced column "(\w+)" not found')


def query(lake: Lake, sql: str) -> Result:
    """The result of an SQL statement over the lake's tables and views; of several statements, that of the last.

    It is in DuckDB's dialect, or in Postgres's where the tables are there. Other databases are copied first.

    Raises:
        ConfigurationError: the statement is wrong, or there is nothing to query.
    """
    given = list(answers(lake, sql))
    return given[-1] if given else Result([], [])


def answers(lake: Lake, sql: str, most: int | None = None) -> Iterator[Result]:
    """The answer to each of several statements, in order; those that change a setting or make a table give none.

    Args:
        lake: where the tables are.
        sql: the statements.
        most: rows of each answer to keep, the others are only counted; null for all.

    Raises:
        ConfigurationError: a statement is wrong, those after it are not tried; or there is nothing to query.
    """
    if not is_encodable(sql):
        msg = "The statement is not valid UTF-8: write it in UTF-8."
        raise ConfigurationError(msg)
    parts = list(statements(sql))
    if not parts:
        msg = "There is no statement: give one, such as SELECT count(*) FROM items."
        raise ConfigurationError(msg)
    if (session := lake.backend.session()) is not None:
        with session as answer:
            for part in parts:
                if (found := answer(part)) is not None:
                    yield _cut(Result(found.columns, found.rows, found.types), most)
        return
    with lake.open() as connection:
        for part in parts:
            result = run_sql(connection, part, most)
            if _gives_answer(part):
                yield result


def _gives_answer(sql: str) -> bool:
    """Whether DuckDB's result of a statement is an answer, and not a note that it was done."""
    kinds = duckdb.extract_statements(sql)
    return kinds[-1].type != duckdb.StatementType.CREATE and (
        duckdb.ExpectedResultType.QUERY_RESULT in kinds[-1].expected_result_type
    )


def run_sql(connection: duckdb.DuckDBPyConnection, sql: str, most: int | None = None) -> Result:
    """The answer of an open connection.

    Args:
        connection: to DuckDB.
        sql: a statement.
        most: rows to keep, the others are only counted; null for all.

    Raises:
        ConfigurationError: the statement is wrong.
    """
    try:
        # Times are UTC in every answer, whatever the machine's time zone.
        connection.execute("SET TimeZone = 'UTC'")
        cursor = connection.execute(sql)
        described = cursor.description or ()
        columns, types = [column[0] for column in described], [_type(column[1]) for column in described]
        if not columns:
            return Result([], [])
        if most is None:
            return Result(columns, cursor.fetchall(), types)
        rows, more = cursor.fetchmany(most) if most else [], 0
        while counted := len(cursor.fetchmany(COUNTED)):
            more += counted
        return Result(columns, rows, types, more)
    except duckdb.Error as error:
        said = str(error).strip()
        hints = [*(hint for sign, hint in HINTS.items() if sign in said), *_tables_with(said)]
        msg = "\n".join([f"The query failed: {said}", *hints])
        # Whoever has opened the lake looks whether a damaged file is the cause.
        raise ConfigurationError(msg) from error


def _tables_with(error: str) -> Iterator[str]:
    """Where the column is of which an error says that it was not found."""
    if (missing := _MISSING_COLUMN.search(error)) is None:
        return
    # Declarations need Arrow, which a query that succeeds does not.
    from schemas import TABLES

    names = [table.name for table in TABLES if any(column.name == missing[1] for column in table.columns)]
    if 0 < len(names) <= MOST_TABLES:
        yield f"There is a column {missing[1]} in {', '.join(names)}: join the table, or see .schema {names[0]}."


def _type(name: object) -> str:
    """A type's name as people write it."""
    return str(name).lower().replace("timestamp with time zone", "timestamptz").replace("time with time zone", "timetz")


def may_miss_rows(sql: str, result: Result) -> bool:
    """Whether a statement found nothing or counted none, and a null in `NOT IN (SELECT …)` may be the reason."""
    if result.more or len(result.rows) > 1 or (result.rows and 0 not in result.rows[0]):
        return False
    return _NOT_IN_QUERY.search(sql) is not None and _WITHOUT_NULLS.search(sql) is None


def _cut(result: Result, most: int | None) -> Result:
    if most is None:
        return result
    return replace(result, rows=result.rows[:most], more=max(len(result.rows) - most, 0))


def formatted(
    result: Result,
    style: Format,
    *,
    guard_formulas: bool = False,
    screen: Screen | None = None,
    most: int | None = None,
) -> Iterator[str]:
    """The answer as text, piece by piece, without a line break at the end of each.

    Args:
        result: the answer.
        style: how.
        guard_formulas: whether CSV is for a spreadsheet, which must not take a name for a formula.
        screen: the terminal that a table is for; null for a file or pipe, where it is as wide as its values are.
        most: rows that a table shows; null for as many as are pleasant there.
    """
    # Each format imports what it needs, so that nobody waits for another's.
    if style == "json":
        from sources.json_text import json_text

        names = _apart(result.columns)
        yield json_text([dict(zip(names, row, strict=True)) for row in result.rows])
    elif style == "csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        cell = guarded if guard_formulas else text_of
        writer.writerow([cell(name) for name in result.columns])
        writer.writerows([cell(value) for value in row] for row in result.rows)
        yield text.getvalue().removesuffix("\n")
    elif screen is not None:
        yield shown(result, screen, most)
    else:
        from rich.console import Console

        kept = SHOWN if most is None else most
        console = Console(width=WIDE, force_terminal=False, color_system=None)
        with console.capture() as capture:
            console.print(rich_table(result, kept))
        yield "\n".join(line.rstrip() for line in capture.get().rstrip("\n").split("\n"))
        if (more := len(result.rows) + result.more - kept) > 0:
            yield f"… and {more:,} more rows: use --limit, --format csv or json, or LIMIT."


def rich_table(result: Result, most: int = SHOWN) -> "RichTable":
    """The answer as a table for people, its first rows if there are very many."""
    from rich.table import Table as RichTable
    from rich.text import Text

    table = RichTable(box=None, header_style="bold", pad_edge=False)
    numeric = {i for row in result.rows[:20] for i, value in enumerate(row) if isinstance(value, int | float)}
    for index, name in enumerate(result.columns):
        table.add_column(Text(printable(name)), justify="right" if index in numeric else "left", overflow="fold")
    for row in result.rows[:most]:
        table.add_row(*(Text(printable(text_of(value))) for value in row))
    return table


def _apart(columns: list[str]) -> list[str]:
    """Names of columns, those that were there before with a number, since an object has each name once."""
    names: list[str] = []
    for column in columns:
        others = (f"{column}_{number}" for number in count(2))
        names.append(column if column not in names else next(name for name in others if name not in {*names, *columns}))
    return names
