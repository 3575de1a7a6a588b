"""`playlake demo`."""

import sys
from datetime import UTC, datetime, time

import click
from rich.console import Console

from pipelines.cli.terminal import progress_bars, set_up_log


@click.command("demo", short_help="Run a demonstration with simulated data; no account needed.")
@click.option("--path", help="DuckDB file to create.  [default: playlake-demo.duckdb, replaced]")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of the last sync, at noon UTC. The same day gives the same database.  [default: now]",
)
@click.option("--weeks", type=click.IntRange(1, 26), default=26, show_default=True, help="Number of weekly syncs.")
@click.option(
    "--regime",
    type=click.Choice(["development", "extended"]),
    default="development",
    show_default=True,
    help="API mode of the app that syncs. With extended quota it also gets popularity, labels and followers.",
)
def demo_command(path: str | None, until: datetime | None, weeks: int, regime: str) -> None:
    """Sync half a year of a simulated Spotify account into DuckDB, week by week, and query the result.

    \b
    playlake demo
    playlake demo --path other.duckdb
    playlake demo --weeks 3
    """
    # The sandbox's server is only loaded where it is used: it would double the time that other commands take to start.
    from pipelines.operations.demo import demo

    set_up_log(verbose=False)
    end = datetime.combine(until.date(), time(12), UTC) if until else datetime.now(UTC).replace(microsecond=0)
    console = Console(soft_wrap=True)
    with progress_bars(quiet=False) as bar:
        report = demo(path, console, bar("Weeks"), end, weeks=weeks, regime=regime, ends_well=True)
    sys.exit(report.stop_code)
