"""The shell of `playlake query`: runs statement after statement, each on the current state of the lake.

The lake is open only while an entry is executed, so that syncs can run between entries. Settings and temporary tables
exist only within one entry.
"""

from functools import partial

from pipelines.cli.output import say
from pipelines.cli.prompt import Names, prompt_session
from pipelines.cli.query import answer
from pipelines.cli.shell_commands import command_output
from pipelines.destinations.lake import Lake
from pipelines.operations.catalog import catalog_of
from pipelines.operations.query import Format
from pipelines.operations.shell_words import command_of
from sources.errors import PlaylakeError


def run_shell(lake: Lake, style: Format, *, limit: int | None, guard_formulas: bool) -> None:
    """Asks for statements and answers them until somebody ends it.

    Args:
        lake: where the tables are.
        style: how answers are written.
        limit: maximum number of rows shown of each result; null for the default of the terminal.
        guard_formulas: as for a single query.

    Raises:
        PlaylakeError: there is no lake, or it cannot be read.
    """
    names = Names(catalog_of(lake))
    session = prompt_session(names)
    say(f"The tables of {lake.location}. A statement ends with a semicolon.")
    say("Tab completes names, .tables lists them, .help says more, Ctrl-D ends.")
    answered = partial(answer, lake, style=style, limit=limit, guard_formulas=guard_formulas)
    while True:
        try:
            entry = session.prompt().strip()
        except KeyboardInterrupt:
            # The line is cleared.
            continue
        except EOFError:
            return
        command = command_of(entry)
        if command is not None and command.rstrip(";").lower() == ".quit":
            return
        try:
            if command is not None:
                names.catalog = catalog_of(lake)
                for line in command_output(names.catalog, command):
                    say(line)
            elif entry:
                answered(entry)
        except KeyboardInterrupt:
            say("Interrupted.", err=True)
        except PlaylakeError as error:
            say(str(error), err=True)
