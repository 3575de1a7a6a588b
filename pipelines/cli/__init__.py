"""The command line: one command, one module, which is imported when it is called."""

import sys
import warnings
from collections.abc import Iterator, MutableMapping
from importlib import import_module
from io import StringIO
from typing import NoReturn

import click

from pipelines.cli.memory import kept_for_good, return_freed_memory
from pipelines.cli.output import never_fail, say
from pipelines.destinations.telemetry import disable_telemetry
from sources.errors import ConfigurationError, PlaylakeError

COMMANDS = {
    "demo": "Run a demonstration with simulated data; no account needed.",
    "login": "Sign in to Spotify in a browser.",
    "logout": "Remove a sign-in from this machine.",
    "sync": "Bring the tables up to date.",
    "import": "Store the listening history that Spotify sends you.",
    "query": "Run an SQL query, in DuckDB's dialect.",
    "report": "Write an HTML report.",
    "export": "Export playlists as CSV, XLSX, M3U8, JSPF or URIs.",
    "restore": "Restore a playlist, or the saved items, to an earlier state.",
    "push": "Write the result of a query to a playlist.",
    "status": "Show problems, and when each playlist was last read.",
    "doctor": "Diagnose setup problems.",
    "views": "Print SQL that defines a Parquet lake's views for DuckDB or Spark.",
    "compact": "Merge the small files of a Parquet lake or a DuckLake.",
    "repair": "Fix a lake that was written while the clock was wrong.",
    "sandbox": "Run a local server that imitates Spotify's Web API.",
    "completion": "Print a shell-completion script.",
}
"""The commands with their short help; each is in the module of its name, or in the one that `ELSEWHERE` names."""

ELSEWHERE = {"logout": "login", "import": "import_history"}


class Commands(MutableMapping[str, click.Command]):
    """The commands by name, imported lazily: dlt and DuckDB take a second."""

    def __init__(self) -> None:
        self._imported: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._imported:
            if name not in COMMANDS:
                raise KeyError(name)
            with kept_for_good():
                module = import_module(f"{__name__}.{ELSEWHERE.get(name, name)}")
            self._imported[name] = getattr(module, f"{name}_command")
        return self._imported[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._imported[name] = command

    def __delitem__(self, name: str) -> None:
        del self._imported[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**COMMANDS, **self._imported})

    def __len__(self) -> int:
        return len({**COMMANDS, **self._imported})


class Group(click.Group):
    """A group that lists its commands without importing them."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


@click.group(
    cls=Group,
    commands=Commands(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="playlake", prog_name="playlake")
def playlake() -> None:
    """Spotify playlists as SQL tables: complete, in order, with their history.

    \b
    Try it without an account:   playlake demo
    Your own playlists:          playlake login --client-id ID; playlake sync
    Query the tables:            playlake query "FROM items LIMIT 5"; playlake query
    View them in a browser:      playlake report --open
    Diagnose problems:           playlake doctor
    """


def main() -> None:
    """The console script: every error is one line and an exit code."""
    never_fail()
    disable_telemetry()
    return_freed_memory()
    # With both this variable and dlt's own folder, every command would print a warning, and cron would mail it.
    warnings.filterwarnings("ignore", message="XDG_DATA_HOME is set")
    try:
        playlake(standalone_mode=False)
    except click.exceptions.Exit as ending:
        sys.exit(ending.exit_code)
    except click.Abort:
        say("Interrupted.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show(text := StringIO())
        say(text.getvalue(), err=True, nl=False)
        sys.exit(error.exit_code)
    except PlaylakeError as error:
        say(f"playlake: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        _explain(error)


def _explain(error: Exception) -> NoReturn:
    """Prints one line: dlt's problem with the settings, or that the error was unexpected."""
    from dlt.common.configuration.exceptions import ConfigurationException

    from pipelines.destinations.configuration_errors import broken_files, configuration_error_of

    if isinstance(error, ConfigurationException):
        say(f"playlake: {configuration_error_of(error)}", err=True)
        sys.exit(ConfigurationError.exit_code)
    # dlt reads them before anything else, and fails on some of their possible contents.
    for wrong in broken_files():
        say(f"playlake: {wrong}", err=True)
        sys.exit(wrong.exit_code)
    if "--verbose" in sys.argv or "-v" in sys.argv:
        raise error
    say(f"playlake: unexpected {type(error).__name__}: {error}. Run it with --verbose and report it.", err=True)
    sys.exit(1)
