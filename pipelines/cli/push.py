"""`playlake push`."""

import sys

import click

from pipelines.cli.options import address_options, given_settings, lake_options, profile_option
from pipelines.cli.terminal import progress_bars, set_up_log
from pipelines.cli.write_options import asking, check_can_ask, tell_end, write_options
from pipelines.destinations.lake import Lake
from pipelines.operations.writing import push
from pipelines.operations.writing.push import MODES, Mode


@click.command("push", short_help="Make a playlist of what a query answers.")
@click.argument("sql", metavar="SQL")
@click.option("--to", metavar="PLAYLIST", help="Id, URI or link of the playlist to write.")
@click.option("--new", metavar="NAME", help="Make a new, private playlist of this name.")
@click.option(
    "--mode", type=click.Choice(MODES), default="replace", show_default=True, help="What becomes of the rest."
)
@lake_options
@profile_option
@address_options
@write_options
@click.option("--verbose", "-v", is_flag=True, help="Say more, and show tracebacks.")
def push_command(
    sql: str,
    to: str | None,
    new: str | None,
    mode: Mode,
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
    """Make a playlist of what a query answers: its column item_uri, in its order.

    The playlist is synced before, so playlake restore brings back what it was. With --mode append, what is not on it
    yet comes to its end. It needs playlake login --write.

    \b
    playlake push "SELECT item_uri FROM saved_items LIMIT 50" --new "Fifty I like"
    playlake push "SELECT item_uri FROM items ORDER BY added_at DESC LIMIT 100" \\
        --to 3cEYpjA9oz9GiPac4AsH4n --yes
    """
    check_can_ask(yes=yes, dry_run=dry_run)
    set_up_log(verbose=verbose)
    with progress_bars(quiet=quiet or not yes) as bar:
        done = push(
            sql,
            to=to,
            new=new,
            mode=mode,
            lake=Lake(destination, path, dataset),
            dry_run=dry_run,
            confirm=asking(yes=yes, quiet=quiet),
            progress=bar("Requests"),
            **given_settings(profile=profile or None, api_url=api_url, accounts_url=accounts_url),
        )
    tell_end(done, quiet=quiet)
    sys.exit(done.exit_code)
