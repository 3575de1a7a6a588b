"""What the query shell does besides answering SQL, and what a single query of the same words does."""

import re
import shutil
from collections.abc import Iterator

from pipelines.operations.catalog import FIRST, Catalog, described, listed
from pipelines.operations.suggestions import COMMANDS, OTHER_WORDS

_SHOW_TABLES = re.compile(r"\s*SHOW\s+(ALL\s+)?TABLES\s*;?\s*", re.IGNORECASE)
NOTE = (
    f"Begin with the views {', '.join(FIRST)}; tables whose names begin with _ are not for queries. "
    "The command .tables lists the views first."
)
"""Beside DuckDB's list of tables, which has them all in the order of their names."""


def command_of(text: str) -> str | None:
    """The command of the shell's that a text is, such as `.tables` or `.schema items`; null of SQL."""
    entry = text.strip()
    entry = OTHER_WORDS.get(entry.rstrip(";").lower(), entry)
    return entry if entry.startswith(".") else None


def asks_for_tables(sql: str) -> bool:
    """Whether a statement lists the tables."""
    return _SHOW_TABLES.fullmatch(sql) is not None


def command_output(catalog: Catalog, entry: str) -> Iterator[str]:
    """The lines that a command prints."""
    command, _, name = entry.rstrip(";").partition(" ")
    if command == ".help":
        yield from (f"{each:<8}  {meaning}" for each, meaning in COMMANDS.items())
        yield "Ctrl-C clears the input, or stops a query. Everything else is SQL, up to a semicolon."
    elif command == ".tables":
        yield from listed(catalog, shutil.get_terminal_size().columns)
    elif command == ".schema":
        for table in [name.strip()] if name.strip() else [*catalog.views, *catalog.own_tables]:
            yield from described(catalog, table)
    else:
        yield f"Unknown command {command}: .help lists the commands."
