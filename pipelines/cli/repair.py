"""`playlake repair`."""

from datetime import UTC, datetime

import click

from pipelines.cli.options import lake_options
from pipelines.cli.output import say
from pipelines.destinations.lake import Lake
from pipelines.operations.clock_repair import repair_clock, require_right_clock


@click.command("repair", short_help="Fix a lake that a wrong clock has written to.")
@lake_options
@click.option("--clock", is_flag=True, required=True, help="Move loads with future times back to plausible times.")
@click.option("--dry-run", is_flag=True, help="Print what would be done, and change nothing.")
@click.option("--trust-clock", is_flag=True, help="Do not ask the API's server for the time.")
def repair_command(
    destination: str, path: str | None, dataset: str, clock: bool, dry_run: bool, trust_clock: bool
) -> None:
    """Fix a lake that a wrong clock has written to, so that syncs go on.

    While the clock was ahead, loads got ids and times of the future; what a sync wrote now would count as older. They
    are moved back so that the newest is of now and all stay in order.

    \b
    playlake repair --clock --dry-run
    playlake repair --clock
    playlake repair --clock --destination parquet --path ./lake
    """
    now = datetime.now(UTC)
    if clock and not trust_clock:
        require_right_clock(now)
    shift = repair_clock(Lake(destination, path, dataset), now, dry_run=dry_run)
    if shift is None:
        say("Nothing is later than now: there is nothing to repair.")
    else:
        say(f"{'Would move' if dry_run else 'Moved'} {shift}.")
