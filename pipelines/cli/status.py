"""`playlake status`."""

import sys
from datetime import UTC, datetime

import click

from pipelines.cli.options import guard_option, lake_options, profile_option
from pipelines.cli.output import say, write
from pipelines.destinations.lake import Lake
from pipelines.destinations.working_folder import working_folder
from pipelines.operations.account import account_line
from pipelines.operations.freshness import overview, problems, resources_overview, run_line
from pipelines.operations.query import FORMATS, Format, formatted
from pipelines.operations.status import check_health, last_run, playlists_status, resources_status
from sources.spotify import read_settings
from sources.spotify.setting_texts import duration


@click.command("status", short_help="Show how fresh each playlist is.")
@lake_options
@profile_option
@click.option("--format", "style", type=click.Choice(FORMATS), default="table", show_default=True)
@guard_option
@click.option("--resources", is_flag=True, help="Show the other resources instead of playlists.")
@click.option("--check", is_flag=True, help="Say only whether all is well, and end with 1 if it is not.")
@click.option("--max-age", default="26 h", show_default=True, help="With --check: how old the last good sync may be.")
@click.option("--verbose", "-v", is_flag=True, help="Name the dlt pipeline, too, for dlt's own commands.")
@click.option("--account", multiple=True, metavar="ID", help="With --check: only these users.  [default: all]")
def status_command(
    destination: str,
    path: str | None,
    dataset: str,
    profile: str | None,
    style: Format,
    guard_formulas: bool,
    resources: bool,
    check: bool,
    max_age: str,
    verbose: bool,
    account: tuple[str, ...],
) -> None:
    """Show per playlist when it was last read, whether it can be, and when it is audited next, and what else was read.

    \b
    playlake status
    playlake status | less -S                # with ids of playlists and snapshots
    playlake status --format csv
    playlake status --resources --format json
    playlake status --check --max-age 26h    # for monitors: one line, and 0 or 1
    playlake status -v                       # with the name that dlt's own commands want
    """
    lake = Lake(destination, path, dataset)
    if check:
        health = check_health(lake, duration(max_age, unit="h", name="--max-age"), datetime.now(UTC), account)
        say(health.message, err=not health.is_well)
        sys.exit(0 if health.is_well else 1)
    playlists, others = playlists_status(lake, read_settings().audit_after), resources_status(lake)
    if style != "table" or resources:
        for text in formatted(others if resources else playlists, style, guard_formulas=guard_formulas):
            write(text, style)
        return
    # On a terminal ids would take the room of what people look for; elsewhere they are what programs look for.
    for text in formatted(overview(playlists) if sys.stdout.isatty() else playlists, style):
        say(text)
    if others.rows:
        say("")
        for text in formatted(resources_overview(others), style):
            say(text)
    for problem in problems(playlists):
        say(f"\n{problem}")
    say(f"\n{account_line(profile=profile) if profile else account_line()}")
    say(run_line(last_run(lake)))
    if verbose:
        say(f"dlt pipeline {lake.pipeline_name}, in {working_folder(lake)}")
