"""`playlake query`."""

import sys
from pathlib import Path

import click

from pipelines.cli.options import LocalPath, guard_option, lake_options
from pipelines.cli.output import say, screen, write
from pipelines.destinations.lake import Lake
from pipelines.operations.query import FORMATS, NULL_NOTE, SHOWN, Format, answers, formatted, may_miss_rows
from pipelines.operations.shell_words import NOTE, asks_for_tables, command_of
from pipelines.operations.terminal_tables import ROWS
from sources.errors import ConfigurationError


@click.command("query")
@click.argument("words", nargs=-1, metavar="[SQL]")
@lake_options
@click.option("--file", type=LocalPath(exists=True, dir_okay=False, allow_dash=True), help="Read the SQL from a file.")
@click.option("--format", "style", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="ROWS",
    help="Maximum number of rows of each result.  [default: all; 1000 in a table, 40 on a terminal]",
)
@guard_option
@click.option("--duckdb", is_flag=True, help="Open the lake in DuckDB's own shell, which must be installed.")
def query_command(
    words: tuple[str, ...],
    destination: str,
    path: str | None,
    dataset: str,
    file: Path | None,
    style: Format,
    limit: int | None,
    guard_formulas: bool,
    duckdb: bool,
) -> None:
    """Run an SQL query, in DuckDB's dialect.

    \b
    playlake query             # a shell: history, completion with Tab, .help
    playlake query "FROM items LIMIT 5"
    playlake query .tables     # the views and tables; .schema items shows columns
    playlake query --file changes.sql        # or - for standard input
    playlake query --format csv "SELECT * FROM item_changes" > changes.csv
    playlake query --format json "SELECT 1 AS a; SELECT 2 AS b"
    playlake query --duckdb    # DuckDB's own shell; no sync can run meanwhile

    Several statements give several results, separated by an empty line, or as JSON one per line. In JSON, integers
    beyond 2^53 are strings. CSV is UTF-8, with unchanged values except on a terminal.

    On a terminal, a table shows column types and the number of rows, and fits the width: long texts are truncated, and
    if rows still do not fit, each column is printed on its own line.
    """
    lake = Lake(destination, path, dataset)
    if duckdb:
        _only_without(words, file, limit)
        from pipelines.cli.duckdb_shell import open_shell

        sys.exit(open_shell(lake))
    sql = _given(words, file)
    if sql is None:
        # A single query does not wait for the imports of a shell.
        from pipelines.cli.shell import run_shell

        run_shell(lake, style, limit=limit, guard_formulas=guard_formulas)
        return
    if (command := command_of(sql)) is not None:
        # Other queries do without the declarations of tables, and without Arrow, which these import.
        from pipelines.cli.shell_commands import command_output
        from pipelines.operations.catalog import catalog_of

        for line in command_output(catalog_of(lake), command):
            say(line)
        return
    answer(lake, sql, style, limit=limit, guard_formulas=guard_formulas)


def answer(lake: Lake, sql: str, style: Format, *, limit: int | None, guard_formulas: bool) -> None:
    """Writes the answers to statements to standard output.

    Raises:
        ConfigurationError: a statement is wrong; the answers to those before it are written.
    """
    terminal = screen() if style == "table" else None
    usual = {"table": ROWS if terminal is not None else SHOWN}.get(style)
    is_empty = False
    for number, result in enumerate(answers(lake, sql, usual if limit is None else limit)):
        if number and style != "json":
            write("", style)
        is_empty = is_empty or may_miss_rows(sql, result)
        for text in formatted(result, style, guard_formulas=guard_formulas, screen=terminal, most=limit):
            write(text, style)
    if style == "table" and asks_for_tables(sql):
        say(NOTE, err=True)
    if is_empty:
        say(NULL_NOTE, err=True)


def _given(words: tuple[str, ...], file: Path | None) -> str | None:
    """The statements that were given, as an argument, in a file or on standard input; null to ask a person for them.

    Raises:
        ConfigurationError: there are none, or they are given in two ways.
    """
    if len(words) > 1:
        # The shell has split the statement, and replaced an asterisk by file names.
        msg = 'Put the statement into quotes, as in playlake query "SELECT name FROM playlists".'
        raise ConfigurationError(msg)
    if words and file is not None:
        msg = "The SQL is given twice: leave out either --file or the statement."
        raise ConfigurationError(msg)
    source = str(file) if file is not None else words[0] if words else None
    if source is not None and (file is not None or source == "-"):
        return _read(source)
    if source is not None:
        return source
    if sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty():
        return None
    if sys.stdin is None or sys.stdin.isatty():
        msg = "There is no SQL, and no terminal to ask for it: give a statement, --file, or - for standard input."
        raise ConfigurationError(msg)
    return _read("-")


def _read(source: str) -> str:
    """The text of a file, or of standard input for `-`.

    Raises:
        ConfigurationError: it cannot be read, or is no text in UTF-8.
    """
    name = "standard input" if source == "-" else source
    try:
        with click.open_file(source, "rb") as file:
            content: bytes = file.read()
            return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        msg = f"The SQL in {name} is not valid UTF-8: save it as UTF-8."
        raise ConfigurationError(msg) from None
    except OSError as error:
        msg = f"{name} cannot be read ({error.strerror})."
        raise ConfigurationError(msg) from None


def _only_without(*others: object) -> None:
    if any(other not in ((), None) for other in others):
        msg = "--duckdb opens a shell: leave out the statement, --file and --limit."
        raise ConfigurationError(msg)
