"""`playlake query`."""

import click

from pipelines.cli.options import lake_options
from pipelines.lake import Lake
from pipelines.query import FORMATS, Format, formatted, query
from sources.errors import ConfigurationError


@click.command("query")
@click.argument("words", nargs=-1, required=True, metavar="SQL")
@lake_options
@click.option("--format", "style", type=click.Choice(FORMATS), default="table", show_default=True)
def query_command(words: tuple[str, ...], destination: str, path: str | None, dataset: str, style: Format) -> None:
    """Answer an SQL query, in DuckDB's dialect.

    \b
    playlake query "SELECT name, items_total FROM playlists ORDER BY name"
    playlake query --format csv "SELECT * FROM playlist_changes" > changes.csv
    """
    if len(words) > 1:
        # The shell has taken the statement apart, and put file names where an asterisk was.
        msg = 'Put the statement into quotes, as in playlake query "SELECT name FROM playlists".'
        raise ConfigurationError(msg)
    [sql] = words
    for text in formatted(query(Lake(destination, path, dataset), sql), style):
        click.echo(text)
