"""The command line: one command, one module."""

import sys
import warnings
from io import StringIO

import click
from dlt.common.configuration.exceptions import ConfigurationException

from pipelines.cli.compact import compact_command
from pipelines.cli.completion import completion_command
from pipelines.cli.demo import demo_command
from pipelines.cli.doctor import doctor_command
from pipelines.cli.login import login_command, logout_command
from pipelines.cli.query import query_command
from pipelines.cli.repair import repair_command
from pipelines.cli.report import report_command
from pipelines.cli.sandbox import sandbox_command
from pipelines.cli.status import status_command
from pipelines.cli.sync import sync_command
from pipelines.cli.terminal import never_fail, say
from pipelines.destinations.configuration_errors import broken_files, misconfigured
from pipelines.destinations.dlt_settings import tell_nobody
from sources.errors import ConfigurationError, PlaylakeError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="playlake", prog_name="playlake")
def playlake() -> None:
    """Spotify playlists as SQL tables: complete, in order, with their history.

    \b
    Try it without an account:   playlake demo
    Your own playlists:          playlake login --client-id ID; playlake sync
    Ask:                         playlake query "SELECT name FROM playlists"
    Look at it in a browser:     playlake report --open
    When something is wrong:     playlake doctor
    """


for _command in (
    demo_command,
    login_command,
    logout_command,
    sync_command,
    query_command,
    report_command,
    status_command,
    doctor_command,
    compact_command,
    repair_command,
    sandbox_command,
    completion_command,
):
    playlake.add_command(_command)


def main() -> None:
    """The console script: every error is one line and an exit code."""
    never_fail()
    tell_nobody()
    # Who has both this variable and dlt's own folder would be told so at each command, and cron would mail it.
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
    except ConfigurationException as problem:
        say(f"playlake: {misconfigured(problem)}", err=True)
        sys.exit(ConfigurationError.exit_code)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        # dlt reads them before anything else, and falls over some of what may stand there.
        for wrong in broken_files():
            say(f"playlake: {wrong}", err=True)
            sys.exit(wrong.exit_code)
        if "--verbose" in sys.argv or "-v" in sys.argv:
            raise
        say(f"playlake: unexpected {type(error).__name__}: {error}. Run it with --verbose and report it.", err=True)
        sys.exit(1)
