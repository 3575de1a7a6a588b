"""`playlake push`."""

from functools import partial

import click

from pipelines.cli.write_options import WriteOptions, write_options
from pipelines.operations.writing import push
from pipelines.operations.writing.push import MODES, Mode


@click.command("push", short_help="Make a playlist of what a query answers.")
@click.argument("sql", metavar="SQL")
@click.option("--to", metavar="PLAYLIST", help="Id, URI or link of the playlist to write.")
@click.option("--new", metavar="NAME", help="Make a new, private playlist of this name.")
@click.option(
    "--mode", type=click.Choice(MODES), default="replace", show_default=True, help="What becomes of the rest."
)
@write_options
def push_command(
    sql: str,
    to: str | None,
    new: str | None,
    mode: Mode,
    options: WriteOptions,
) -> None:
    """Make a playlist of what a query answers: its column item_uri, in its order.

    The playlist is synced before, so playlake restore brings back what it was. With --mode append, what is not on it
    yet comes to its end. It needs playlake login --write.

    \b
    playlake push "SELECT item_uri FROM saved_items LIMIT 50" --new "Fifty I like"
    playlake push "SELECT item_uri FROM items ORDER BY added_at DESC LIMIT 100" \\
        --to 3cEYpjA9oz9GiPac4AsH4n --yes
    """
    options.run(partial(push, sql, to=to, new=new, mode=mode))
