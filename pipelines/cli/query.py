"""`playlake query`."""

import click

from pipelines.cli.options import lake_options
from pipelines.lake import Lake
from pipelines.query import FORMATS, Format, formatted, query


@click.command("query")
@click.argument("sql")
@lake_options
@click.option("--format", "style", type=click.Choice(FORMATS), default="table", show_default=True)
def query_command(sql: str, destination: str, path: str | None, dataset: str, style: Format) -> None:
    """Answer an SQL query, in DuckDB's dialect.

    \b
    playlake query "SELECT name, items_total FROM playlists ORDER BY name"
    playlake query --format csv "SELECT * FROM playlist_changes" > changes.csv
    """
    for text in formatted(query(Lake(destination, path, dataset), sql), style):
        click.echo(text)
