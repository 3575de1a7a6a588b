"""The output of the query shell's commands, also of a single query of the same words."""

import shutil
from collections.abc import Iterator

from pipelines.operations.catalog import Catalog, described, listed
from pipelines.operations.shell_words import COMMANDS
from sources.errors import ConfigurationError


def command_output(catalog: Catalog, entry: str) -> Iterator[str]:
    """The lines that a command prints.

    Raises:
        ConfigurationError: there is no such command or table, or there is more than one command.
    """
    if "\n" in entry:
        msg = "A command such as .tables stands alone: give one of them, and SQL another time."
        raise ConfigurationError(msg)
    command, _, name = entry.rstrip(";").partition(" ")
    if command == ".help":
        yield from (f"{each:<8}  {meaning}" for each, meaning in COMMANDS.items())
        yield "Ctrl-C clears the input, or stops a query. Everything else is SQL, up to a semicolon."
    elif command == ".tables":
        yield from listed(catalog, shutil.get_terminal_size().columns)
    elif command == ".schema":
        for table in [name.strip()] if name.strip() else [*catalog.views, *catalog.own_tables]:
            yield from described(catalog, table)
    elif command == ".mode":
        yield "A shell keeps its format: start another with playlake query --format csv, json or table."
    else:
        msg = f"Unknown command {command}: .help lists the commands."
        raise ConfigurationError(msg)
