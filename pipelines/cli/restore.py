"""`playlake restore`."""

from functools import partial

import click

from pipelines.cli.write_options import WriteOptions, write_options
from pipelines.operations.writing import restore


@click.command("restore", short_help="Restore a playlist, or the saved items, to an earlier state.")
@click.argument("what", metavar="PLAYLIST|saved:COLLECTION")
@click.option(
    "--as-of", required=True, metavar="TIME", help="Restore the state at this time, such as 2026-11-22T10:00:00Z."
)
@click.option("--new", is_flag=True, help="Restore it to a new, private playlist.")
@click.option("--into", metavar="ID", help="Restore it to another playlist.")
@click.option(
    "--details", is_flag=True, help="Also restore name, description, visibility, collaborative and the stored cover."
)
@write_options
def restore_command(
    what: str,
    as_of: str,
    new: bool,
    into: str | None,
    details: bool,
    options: WriteOptions,
) -> None:
    """Restore a playlist to its state at a time, or save again the items that were saved then.

    Items that are still there keep their dates. Items that Spotify cannot add again, such as local files, are listed.
    Requires playlake login --write.

    \b
    playlake restore 3cEYpjA9oz9GiPac4AsH4n --as-of 2026-11-22 --dry-run
    playlake restore "Road trip" --as-of 2026-11-22T10:00:00Z --new
    playlake restore 3cEYpjA9oz9GiPac4AsH4n --as-of 2026-11-22 --details --yes
    playlake restore saved:tracks --as-of 2026-11-22
    """
    options.run(partial(restore, what, as_of, new=new, into=into, details=details))
