"""Commands of the query shell, recognized before anything of a lake is imported or opened."""

import re

FIRST = ("items", "item_changes", "item_history")
"""The views that most queries use."""
COMMANDS = {
    ".tables": "list the tables and views",
    ".schema": "show the columns of all of them, or of the given one",
    ".help": "show this",
    ".quit": "end, as Ctrl-D does",
}
"""What the shell does besides answering SQL."""
OTHER_WORDS = {
    "help": ".help",
    "?": ".help",
    "\\?": ".help",
    "\\h": ".help",
    "\\d": ".tables",
    "\\dt": ".tables",
    "exit": ".quit",
    "quit": ".quit",
    ".exit": ".quit",
    "\\q": ".quit",
}
"""What people write who come from other shells, and the command that they mean."""
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
