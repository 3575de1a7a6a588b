"""`playlake restore`."""

import sys

import click

from pipelines.cli.options import address_options, given_settings, lake_options, profile_option
from pipelines.cli.terminal import progress_bars, set_up_log
from pipelines.cli.write_options import asking, check_can_ask, tell_end, write_options
from pipelines.destinations.lake import Lake
from pipelines.operations.writing import restore


@click.command("restore", short_help="Bring a playlist, or what was saved, back to what it was.")
@click.argument("what", metavar="PLAYLIST|saved:COLLECTION")
@click.option("--as-of", required=True, metavar="TIME", help="When it was right, such as 2026-11-22T10:00:00Z.")
@click.option("--new", is_flag=True, help="Make a new, private playlist of it.")
@click.option("--into", metavar="ID", help="Restore it into another playlist.")
@click.option("--details", is_flag=True, help="Also name, description, public, collaborative and the kept cover.")
@lake_options
@profile_option
@address_options
@write_options
@click.option("--verbose", "-v", is_flag=True, help="Say more, and show tracebacks.")
def restore_command(
    what: str,
    as_of: str,
    new: bool,
    into: str | None,
    details: bool,
    destination: str,
    path: str | None,
    dataset: str,
    profile: str | None,
    api_url: str | None,
    accounts_url: str | None,
    dry_run: bool,
    yes: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Bring a playlist back to what it was at a time, or save again what was saved then.

    Entries that are still there keep their dates; what Spotify cannot add again, such as local files, is named. It
    needs playlake login --write.

    \b
    playlake restore 3cEYpjA9oz9GiPac4AsH4n --as-of 2026-11-22 --dry-run
    playlake restore "Road trip" --as-of 2026-11-22T10:00:00Z --new
    playlake restore 3cEYpjA9oz9GiPac4AsH4n --as-of 2026-11-22 --details --yes
    playlake restore saved:tracks --as-of 2026-11-22
    """
    check_can_ask(yes=yes, dry_run=dry_run)
    set_up_log(verbose=verbose)
    with progress_bars(quiet=quiet or not yes) as bar:
        done = restore(
            what,
            as_of,
            new=new,
            into=into,
            details=details,
            lake=Lake(destination, path, dataset),
            dry_run=dry_run,
            confirm=asking(yes=yes, quiet=quiet),
            progress=bar("Requests"),
            **given_settings(profile=profile or None, api_url=api_url, accounts_url=accounts_url),
        )
    tell_end(done, quiet=quiet)
    sys.exit(done.exit_code)
