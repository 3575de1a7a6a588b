"""`playlake repair`."""

from datetime import UTC, datetime

import click

from pipelines.cli.options import lake_options
from pipelines.cli.output import say
from pipelines.destinations.lake import Lake
from pipelines.operations.clock_repair import repair_clock, require_right_clock


@click.command("repair", short_help="Fix a lake that was written while the clock was wrong.")
@lake_options
@click.option("--clock", is_flag=True, required=True, help="Move loads with future times back to plausible times.")
@click.option("--dry-run", is_flag=True, help="Print what would be done, and change nothing.")
@click.option("--trust-clock", is_flag=True, help="Do not compare this machine's clock with the API server's.")
def repair_command(
    destination: str, path: str | None, dataset: str, clock: bool, dry_run: bool, trust_clock: bool
) -> None:
    """Fix a lake that was written while this machine's clock was ahead, so that syncs work again.

    Loads of that time have ids and times in the future, so anything that a sync writes now would count as older. They
    are moved back, in their order, until the newest is not later than now.

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
        say("No time is in the future: nothing to repair.")
    else:
        say(f"{'Would move' if dry_run else 'Moved'} {shift}.")
