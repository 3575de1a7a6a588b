"""`playlake views`."""

from typing import TYPE_CHECKING

import click

from pipelines.cli.options import lake_options
from pipelines.cli.output import write_exactly
from pipelines.destinations.lake import Lake

if TYPE_CHECKING:
    from pipelines.destinations.reading import Engine


@click.command("views")
@lake_options
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="The engine that will read the files.",
)
def views_command(destination: str, path: str | None, dataset: str, engine: "Engine") -> None:
    """Print SQL that defines a Parquet lake's views for DuckDB or Spark.

    \b
    playlake views --engine spark --destination parquet --path ./lake > lake.sql
    spark-sql -i lake.sql
    """
    write_exactly("\n".join(Lake(destination, path, dataset).view_statements(engine)))
