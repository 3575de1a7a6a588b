"""`playlake restore`."""

from functools import partial

import click

from pipelines.cli.write_options import WriteOptions, write_options
from pipelines.operations.writing import restore


@click.command("restore", short_help="Bring a playlist, or what was saved, back to what it was.")
@click.argument("what", metavar="PLAYLIST|saved:COLLECTION")
@click.option("--as-of", required=True, metavar="TIME", help="When it was right, such as 2026-11-22T10:00:00Z.")
@click.option("--new", is_flag=True, help="Make a new, private playlist of it.")
@click.option("--into", metavar="ID", help="Restore it into another playlist.")
@click.option("--details", is_flag=True, help="Also name, description, public, collaborative and the kept cover.")
@write_options
def restore_command(
    what: str,
    as_of: str,
    new: bool,
    into: str | None,
    details: bool,
    options: WriteOptions,
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
    options.run(partial(restore, what, as_of, new=new, into=into, details=details))
