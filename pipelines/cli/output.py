"""Output of commands, for people and programs, whatever their terminal's encoding is.

It is imported by every command, also by those that need neither dlt nor DuckDB.
"""

import shutil
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO

import click

from sources.safe_text import escaped_json, printable

if TYPE_CHECKING:
    from pipelines.operations.query import Format
    from pipelines.operations.terminal_tables import Screen


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Prints a line for people. Control characters in names and messages do not reach the terminal."""
    click.echo(printable(text), file=sys.stderr if err else sys.stdout, nl=nl)


def write(text: str, style: "Format") -> None:
    """A piece of an answer in some format, on standard output.

    JSON is valid whatever can be written there. CSV is exact and in UTF-8, except for people at a terminal.
    """
    if style == "json":
        click.echo(escaped_json(text, ascii_only=not writes_utf8(sys.stdout)), file=sys.stdout)
    elif style == "table" or sys.stdout.isatty():
        say(text)
    elif not hasattr(sys.stdout, "buffer"):
        sys.stdout.write(f"{text}\n")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(f"{text}\n".encode())
        sys.stdout.buffer.flush()
        if not (text.isascii() or writes_utf8(sys.stdout)):
            say(f"The CSV is UTF-8, although standard output is said to be {sys.stdout.encoding}.", err=True)


def write_exactly(text: str) -> None:
    """Text for a program, as it is, on standard output: a path in it must stay what it is."""
    click.echo(text, file=sys.stdout, nl=False)


def screen() -> "Screen | None":
    """The terminal that standard output is; null if it is a file or pipe."""
    from pipelines.operations.terminal_tables import Screen

    if not sys.stdout.isatty():
        return None
    return Screen(shutil.get_terminal_size().columns, is_plain=not writes_utf8(sys.stdout))


def writes_utf8(stream: TextIO) -> bool:
    """Whether every character can be written to a stream."""
    return (stream.encoding or "utf-8").lower().replace("-", "").replace("_", "") in {"utf8", "utf8sig", "utf16"}


def never_fail() -> None:
    """Makes the standard streams escape characters that their encoding lacks, so that no name ends a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
