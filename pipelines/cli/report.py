"""`playlake report`."""

import webbrowser
from datetime import UTC, datetime
from pathlib import Path

import click

from pipelines.cli.options import LocalPath, lake_options
from pipelines.cli.output import say
from pipelines.destinations.lake import Lake


@click.command("report", short_help="Write an HTML report.")
@lake_options
@click.option(
    "--output",
    type=LocalPath(dir_okay=False),
    default="playlake-report.html",
    show_default=True,
    help="The file to write.",
)
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
def report_command(destination: str, path: str | None, dataset: str, output: Path, opens: bool) -> None:
    """Write an interactive HTML report: search, each playlist as of any day, each artist, and all changes.

    \b
    playlake report --open
    playlake report --destination parquet --path ./lake --output lake.html

    The report is a single file without external resources, so it can be archived or sent by mail.
    """
    # Templates take a while to load, which other commands have no use for.
    from pipelines.operations.report import write_report

    write_report(Lake(destination, path, dataset), output, datetime.now(UTC))
    say(f"Wrote {output}.")
    if opens and not webbrowser.open(output.absolute().as_uri()):
        say(f"No browser could be opened: open {output.absolute()} in one.", err=True)
