"""`playlake query`."""

import click

from pipelines.cli.options import guard_option, lake_options
from pipelines.cli.output import write
from pipelines.destinations.lake import Lake
from pipelines.operations.query import FORMATS, Format, answers, formatted
from sources.errors import ConfigurationError


@click.command("query")
@click.argument("words", nargs=-1, required=True, metavar="SQL")
@lake_options
@click.option("--format", "style", type=click.Choice(FORMATS), default="table", show_default=True)
@guard_option
def query_command(
    words: tuple[str, ...], destination: str, path: str | None, dataset: str, style: Format, guard_formulas: bool
) -> None:
    """Answer an SQL query, in DuckDB's dialect.

    \b
    playlake query "SELECT name, items_total FROM playlists ORDER BY name"
    playlake query --format csv "SELECT * FROM playlist_changes" > changes.csv
    playlake query --format json "SELECT 1 AS a; SELECT 2 AS b"

    Several statements give several answers, with an empty line between them, as JSON one on a line. In JSON whole
    numbers beyond 2^53 are text. CSV is UTF-8 and has values as they are, except on a terminal.
    """
    if len(words) > 1:
        # The shell has taken the statement apart, and put file names where an asterisk was.
        msg = 'Put the statement into quotes, as in playlake query "SELECT name FROM playlists".'
        raise ConfigurationError(msg)
    [sql] = words
    for number, answer in enumerate(answers(Lake(destination, path, dataset), sql)):
        if number and style != "json":
            write("", style)
        for text in formatted(answer, style, guard_formulas=guard_formulas):
            write(text, style)
