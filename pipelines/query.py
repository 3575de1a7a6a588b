"""SQL against a lake, and its answer as a table, JSON or CSV."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from unicodedata import category

import duckdb
import msgspec
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from pipelines import elsewhere
from pipelines.lake import Lake
from sources.errors import ConfigurationError

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
    """The answer to an SQL statement, tables and views by their bare names.

    It is in DuckDB's dialect, or in Postgres's where the tables are there. Other databases are copied first.

    Raises:
        ConfigurationError: the statement is wrong, or there is nothing to query.
    """
    if lake.destination == "postgres":
        with elsewhere.opened(lake.pipeline(), lake.destination) as client:
            return Result(*elsewhere.answer(client, sql))
    with lake.open() as connection:
        return run_sql(connection, sql)


def run_sql(connection: duckdb.DuckDBPyConnection, sql: str) -> Result:
    """The answer of an open connection.

    Raises:
        ConfigurationError: the statement is wrong.
    """
    try:
        # Times are UTC in every answer, wherever the machine stands.
        connection.execute("SET TimeZone = 'UTC'")
        # An empty statement gives no cursor, whatever the types say.
        cursor: duckdb.DuckDBPyConnection | None = connection.execute(sql)
        if cursor is None:
            msg = "There is no statement to answer: give one, such as SELECT count(*) FROM playlist_items."
            raise ConfigurationError(msg)
        columns = [column[0] for column in cursor.description or ()]
        return Result(columns, cursor.fetchall() if columns else [])
    except duckdb.Error as error:
        msg = f"The query failed: {str(error).strip()}"
        raise ConfigurationError(msg) from None


def formatted(result: Result, style: Format) -> Iterator[str]:
    """The answer as text, piece by piece, without a line break at the end of each."""
    if style == "json":
        yield msgspec.json.encode([dict(zip(result.columns, row, strict=True)) for row in result.rows]).decode()
    elif style == "csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(result.columns)
        writer.writerows([_text(value) for value in row] for row in result.rows)
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
        table.add_column(Text(name), justify="right" if index in numeric else "left", overflow="fold")
    for row in result.rows[:SHOWN]:
        table.add_row(*(Text(shown(_text(value))) for value in row))
    return table


def shown(text: str) -> str:
    """A text for a terminal: what others put into a name moves no cursor and colours nothing."""
    return "".join(sign if sign in "\n\t" or category(sign) != "Cc" else "\N{REPLACEMENT CHARACTER}" for sign in text)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if value.tzinfo else str(value)
    return str(value)
