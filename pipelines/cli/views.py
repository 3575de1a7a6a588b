"""`playlake views`."""

from typing import TYPE_CHECKING

import click

from pipelines.cli.options import lake_options
from pipelines.destinations.lake import Lake

if TYPE_CHECKING:
    from pipelines.destinations.base import Engine


@click.command("views")
@lake_options
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="What is to read the files.",
)
def views_command(destination: str, path: str | None, dataset: str, engine: "Engine") -> None:
    """Print the SQL that shows a Parquet lake's files as tables and views.

    \b
    playlake views --engine spark --destination parquet --path ./lake > lake.sql
    spark-sql -i lake.sql
    """
    # Not as words for people, in which odd characters are escaped: a path must stay what it is.
    click.echo("\n".join(Lake(destination, path, dataset).view_statements(engine)), nl=False)
