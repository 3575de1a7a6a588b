"""SQL against a lake, and its answers as tables, JSON or CSV."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal

import duckdb
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from pipelines.destinations.lake import Lake
from pipelines.operations.cells import cell, guarded
from pipelines.operations.statements import statements
from sources.errors import ConfigurationError
from sources.json_text import json_text
from sources.legible import is_utf8, legible

Format = Literal["table", "json", "csv"]
FORMATS: tuple[Format, ...] = ("table", "json", "csv")
SHOWN = 1000
"""Rows that a table for people shows at most."""
WIDE = 10_000
"""Columns of text where no terminal sets a limit."""


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to a query: column names, and rows in order."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


def query(lake: Lake, sql: str) -> Result:
    """The answer to an SQL statement, tables and views by their bare names; of several statements that of the last.

    It is in DuckDB's dialect, or in Postgres's where the tables are there. Other databases are copied first.

    Raises:
        ConfigurationError: the statement is wrong, or there is nothing to query.
    """
    given = list(answers(lake, sql))
    return given[-1] if given else Result([], [])


def answers(lake: Lake, sql: str) -> Iterator[Result]:
    """The answer to each of several statements, in order; those that change a setting or make a table give none.

    Raises:
        ConfigurationError: a statement is wrong, those after it are not tried; or there is nothing to query.
    """
    if not is_utf8(sql):
        msg = "The statement holds bytes that are no UTF-8: write it in UTF-8."
        raise ConfigurationError(msg)
    parts = list(statements(sql))
    if not parts:
        msg = "There is no statement to answer: give one, such as SELECT count(*) FROM playlist_items."
        raise ConfigurationError(msg)
    if (session := lake.backend.session()) is not None:
        with session as answer:
            for part in parts:
                if (found := answer(part)) is not None:
                    yield Result(*found)
        return
    with lake.open() as connection:
        for part in parts:
            result = run_sql(connection, part)
            if _gives_answer(part):
                yield result


def _gives_answer(sql: str) -> bool:
    """Whether DuckDB's result of a statement is an answer, and not a note that it was done."""
    kinds = duckdb.extract_statements(sql)
    return kinds[-1].type != duckdb.StatementType.CREATE and (
        duckdb.ExpectedResultType.QUERY_RESULT in kinds[-1].expected_result_type
    )


def run_sql(connection: duckdb.DuckDBPyConnection, sql: str) -> Result:
    """The answer of an open connection.

    Raises:
        ConfigurationError: the statement is wrong.
    """
    try:
        # Times are UTC in every answer, wherever the machine stands.
        connection.execute("SET TimeZone = 'UTC'")
        cursor = connection.execute(sql)
        columns = [column[0] for column in cursor.description or ()]
        return Result(columns, cursor.fetchall() if columns else [])
    except duckdb.Error as error:
        msg = f"The query failed: {str(error).strip()}"
        # Whoever has opened the lake looks whether a damaged file is the cause.
        raise ConfigurationError(msg) from error


def formatted(result: Result, style: Format, *, guard_formulas: bool = False) -> Iterator[str]:
    """The answer as text, piece by piece, without a line break at the end of each.

    Args:
        result: the answer.
        style: how.
        guard_formulas: whether CSV is for a spreadsheet, which must not take a name for a formula.
    """
    if style == "json":
        names = _apart(result.columns)
        yield json_text([dict(zip(names, row, strict=True)) for row in result.rows])
    elif style == "csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        as_text = guarded if guard_formulas else cell
        writer.writerow([as_text(name) for name in result.columns])
        writer.writerows([as_text(value) for value in row] for row in result.rows)
        yield text.getvalue().removesuffix("\n")
    else:
        terminal = Console()
        console = Console(width=terminal.width if terminal.is_terminal else WIDE)
        with console.capture() as capture:
            console.print(rich_table(result))
        yield "\n".join(line.rstrip() for line in capture.get().rstrip("\n").split("\n"))
        if len(result.rows) > SHOWN:
            yield f"… and {len(result.rows) - SHOWN:,} more rows: use --format csv or json, or LIMIT."


def rich_table(result: Result) -> RichTable:
    """The answer as a table for people, its first rows if there are very many."""
    table = RichTable(box=None, header_style="bold", pad_edge=False)
    numeric = {i for row in result.rows[:20] for i, value in enumerate(row) if isinstance(value, int | float)}
    for index, name in enumerate(result.columns):
        table.add_column(Text(legible(name)), justify="right" if index in numeric else "left", overflow="fold")
    for row in result.rows[:SHOWN]:
        table.add_row(*(Text(legible(cell(value))) for value in row))
    return table


def _apart(columns: list[str]) -> list[str]:
    """Names of columns, those that were there before with a number, since an object has each name once."""
    names: list[str] = []
    for column in columns:
        others = (f"{column}_{number}" for number in count(2))
        names.append(column if column not in names else next(name for name in others if name not in {*names, *columns}))
    return names
