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


@click.command("export", short_help="Export playlists as CSV, XLSX, M3U8, JSPF or URIs.")
@click.argument("playlists", nargs=-1, metavar="[PLAYLIST]...")
@lake_options
@click.option(
    "--format",
    "name",
    type=click.Choice(list(FORMATS)),
    help="File format.  [default: that of the ending of --output, else csv]",
)
@click.option(
    "--output",
    type=LocalPath(),
    help="Folder, or one file.  [default: playlake-export]",
)
@click.option("--one-file", is_flag=True, help="Write all playlists to one file.")
@click.option("--as-of", metavar="TIME", help="Export the state at a time, as items_at does: 2026-11-01T18:30, in UTC.")
@click.option("--exact", is_flag=True, help="In CSV, do not put ' before text that a spreadsheet reads as a formula.")
@click.option("--bom", is_flag=True, help="In CSV, write a byte order mark, by which Excel recognizes UTF-8.")
@click.option("--force", is_flag=True, help="Overwrite files that were changed, or not written by an export.")
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
    """Export playlists to files: all in the library, or those that are named.

    \b
    playlake export
    playlake export "Road trip" 3cEYpjA9oz9GiPac4AsH4n --format m3u8
    playlake export --output everything.xlsx
    playlake export --as-of 2026-11-01 --output backup
    playlake export saved:tracks saved:albums --output library

    PLAYLIST is an id, a URI, a link or a name; or saved:tracks, saved:albums, saved:episodes, saved:shows,
    saved:audiobooks or saved:artists. CSV and XLSX have Exportify's columns. An --output that ends with .csv, .xlsx,
    .m3u8, .jspf or .txt is one file. Files of an earlier export are replaced, unless they were changed since.
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
        say(f"{counted(len(done.unread), 'playlist')} without contents in the lake: {named_briefly(done.unread)}.")
    if done.without_uri:
        say(
            f"Items without a URI are not in {done.format}: {counted_briefly(done.without_uri)}.",
            err=True,
        )
