"""`playlake status`."""

import sys
from datetime import UTC, datetime, timedelta

import click

from pipelines.cli.options import guard_option, lake_options, profile_option
from pipelines.cli.output import say, screen, write
from pipelines.destinations.lake import Lake
from pipelines.operations.account import account_line, ending_sign_in
from pipelines.operations.problems import problem_messages
from pipelines.operations.query import FORMATS, Format, formatted
from pipelines.operations.result import Result
from pipelines.operations.status import check_health, last_run, playlists_status, resources_status
from pipelines.operations.status_table import newest, overview, resources_overview, run_line
from pipelines.operations.terminal_tables import Screen, table
from sources.spotify.setting_parsers import duration
from sources.spotify.settings import Settings
from sources.spotify.unconfigured import is_unconfigured

NEWEST = 20
"""Playlists that are shown unless all are asked for."""


@click.command("status", short_help="Show problems, and when each playlist was last read.")
@lake_options
@profile_option
@click.option("--format", "style", type=click.Choice(FORMATS), default="table", show_default=True)
@guard_option
@click.option("--all", "show_all", is_flag=True, help="Show all playlists, not only the newest 20.")
@click.option("--resources", is_flag=True, help="Show the other resources instead of playlists.")
@click.option(
    "--check", is_flag=True, help="Print one line; exit with 0 if the last good sync is recent enough, else with 1."
)
@click.option("--max-age", default="26 h", show_default=True, help="Maximum age of the last good sync.")
@click.option("--verbose", "-v", is_flag=True, help="Also print the name of the dlt pipeline, for dlt's own commands.")
@click.option("--account", multiple=True, metavar="ID", help="With --check: only these users.  [default: all]")
def status_command(
    destination: str,
    path: str | None,
    dataset: str,
    profile: str | None,
    style: Format,
    guard_formulas: bool,
    show_all: bool,
    resources: bool,
    check: bool,
    max_age: str,
    verbose: bool,
    account: tuple[str, ...],
) -> None:
    """Show problems and how to fix them, the playlists that were read last, and the other resources.

    For each playlist: when it was last read, whether it is readable, and when its next audit is due: of playlists
    that are in no library, when a sync names them.

    \b
    playlake status
    playlake status --all | less -S          # with ids of playlists and snapshots
    playlake status --format csv
    playlake status --resources --format json
    playlake status --check --max-age 26h    # for monitors: one line, and 0 or 1
    playlake status -v        # with the pipeline name, for dlt's own commands
    """
    lake = Lake(destination, path, dataset)
    oldest, now = duration(max_age, unit="h", name="--max-age"), datetime.now(UTC)
    if check:
        health = check_health(lake, oldest, now, account)
        say(health.message, err=not health.is_well)
        sys.exit(health.exit_code)
    playlists, others = playlists_status(lake, _audit_after()), resources_status(lake)
    if style != "table" or resources:
        for text in formatted(others if resources else playlists, style, guard_formulas=guard_formulas):
            write(text, style)
        return
    run, health = last_run(lake), check_health(lake, oldest, now, account)
    ending = ending_sign_in(now, profile)
    wrong = [*filter(None, [ending]), *problem_messages(health, playlists, others, run, now, oldest)]
    for line in wrong or [f"All is well. {health.message}"]:
        say(f"✗ {line}" if wrong else line)
    say("")
    # On a terminal ids would take the room of what people look for; elsewhere they are what programs look for.
    shown, terminal = newest(playlists, None if show_all else NEWEST), screen()
    _say_table(overview(shown) if terminal is not None else shown, terminal)
    if (more := len(playlists.rows) - len(shown.rows)) > 0:
        say(f"… and {more:,} more playlists: playlake status --all shows them.")
    if any(name != "playlists" for name, *_ in others.rows):
        say("")
        _say_table(resources_overview(others), terminal)
    say(f"\n{account_line(profile)}")
    say(run_line(run))
    if verbose:
        from pipelines.destinations.working_folder import working_folder

        say(f"dlt pipeline {lake.pipeline_name}, in {working_folder(lake)}")


def _audit_after() -> timedelta:
    """After what time a playlist is read again; dlt is only imported where it may be configured."""
    if is_unconfigured():
        return Settings().audit_after
    from sources.spotify import read_settings

    return read_settings().audit_after


def _say_table(result: Result, terminal: Screen | None) -> None:
    if terminal is not None:
        say("\n".join(table(result, terminal)))
        return
    for text in formatted(result, "table", most=len(result.rows)):
        say(text)
