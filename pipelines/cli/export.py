"""`playlake export`."""

from pathlib import Path

import click

from pipelines.cli.options import LocalPath, lake_options
from pipelines.cli.output import say
from pipelines.destinations.lake import Lake
from pipelines.operations.export import export
from pipelines.operations.export.formats import FORMATS
from pipelines.operations.export.saved import PREFIX
from pipelines.operations.export.words import counted, counted_briefly, named_briefly


@click.command("export", short_help="Write playlists as files that other programs read.")
@click.argument("playlists", nargs=-1, metavar="[PLAYLIST]...")
@lake_options
@click.option(
    "--format",
    "name",
    type=click.Choice(list(FORMATS)),
    help="What to write.  [default: what the ending of --output says, else csv]",
)
@click.option(
    "--output",
    type=LocalPath(),
    help="The folder to write into, or the one file.  [default: playlake-export]",
)
@click.option("--one-file", is_flag=True, help="All playlists in one file, in place of a file each.")
@click.option(
    "--as-of", metavar="TIME", help="What was on them at a time, as items_at has it: 2026-11-01T18:30, in UTC."
)
@click.option("--exact", is_flag=True, help="In CSV leave text as it is that a spreadsheet would take for a formula.")
@click.option("--bom", is_flag=True, help="Begin CSV with the mark by which Excel knows UTF-8.")
@click.option("--force", is_flag=True, help="Overwrite files that are not as an export has written them.")
def export_command(
    playlists: tuple[str, ...],
    destination: str,
    path: str | None,
    dataset: str,
    name: str | None,
    output: Path | None,
    one_file: bool,
    as_of: str | None,
    exact: bool,
    bom: bool,
    force: bool,
) -> None:
    """Write playlists as files that other programs read: all of the library, or those that are named.

    \b
    playlake export
    playlake export "Road trip" spotify:playlist:3cEYpjA9oz9GiPac4AsH4n --format m3u8 --output music
    playlake export --output everything.xlsx
    playlake export --as-of 2026-11-01 --output backup
    playlake export saved:tracks saved:albums --output library

    A PLAYLIST is an id, a URI, a link or a name; or saved: and one of tracks, albums, episodes, shows, audiobooks,
    artists. CSV and XLSX have Exportify's columns. CSV is UTF-8, with ' before text that a spreadsheet would take for a
    formula. An output that ends like a format, such as .csv, is one file for all. A file is replaced if an export has
    written it and nobody has changed it since.
    """
    done = export(
        Lake(destination, path, dataset),
        output,
        playlists=playlists,
        format=name,
        one_file=one_file,
        as_of=as_of,
        exact=exact,
        bom=bom,
        force=force,
    )
    place = done.files[0] if len(done.files) == 1 else done.files[0].parent
    files = "1 file" if len(done.files) == 1 else f"{len(done.files):,} files"
    kind = "list" if any(name.startswith(PREFIX) for name in playlists) else "playlist"
    same = len(done.files) - len(done.written)
    unchanged = f", {same:,} unchanged" if same else ""
    say(f"{place}: {files}{unchanged}, {counted(done.playlists, kind)}, {counted(done.items, 'item')}.")
    if done.unread:
        say(f"No contents of {counted(len(done.unread), 'playlist')} are in the lake: {named_briefly(done.unread)}.")
    if done.without_uri:
        say(
            f"Left out, as {done.format} is made of URIs and they have none: {counted_briefly(done.without_uri)}.",
            err=True,
        )
