"""`playlake push`."""

from functools import partial

import click

from pipelines.cli.write_options import WriteOptions, write_options
from pipelines.operations.writing import push
from pipelines.operations.writing.push import MODES, Mode


@click.command("push", short_help="Write the result of a query to a playlist.")
@click.argument("sql", metavar="SQL")
@click.option("--to", metavar="PLAYLIST", help="Id, URI or link of the playlist to write.")
@click.option("--new", metavar="NAME", help="Create a private playlist with this name.")
@click.option(
    "--mode",
    type=click.Choice(MODES),
    default="replace",
    show_default=True,
    help="Replace the playlist's items, or append to them.",
)
@write_options
def push_command(
    sql: str,
    to: str | None,
    new: str | None,
    mode: Mode,
    options: WriteOptions,
) -> None:
    """Write the result of a query to a playlist: its column item_uri, in the order of the rows.

    The playlist is synced first, so playlake restore can undo it. With --mode append, items that are not on the
    playlist yet are added at its end. Requires playlake login --write.

    \b
    playlake push "SELECT item_uri FROM saved_items ORDER BY position LIMIT 50" \\
        --new "Saved lately"
    playlake push "SELECT item_uri FROM items ORDER BY added_at DESC LIMIT 100" \\
        --to 3cEYpjA9oz9GiPac4AsH4n --yes
    """
    options.run(partial(push, sql, to=to, new=new, mode=mode))
