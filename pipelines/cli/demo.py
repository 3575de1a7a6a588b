"""`playlake demo`."""

import click
from rich.console import Console

from pipelines.cli.terminal import progress_bars, set_up_log


@click.command("demo", short_help="Show all of it with a made-up Spotify.")
@click.option("--path", help="DuckDB file to create.  [default: playlake-demo.duckdb, replaced]")
def demo_command(path: str | None) -> None:
    """Sync a made-up Spotify into DuckDB, change it, sync again, and show what came out.

    \b
    playlake demo
    playlake demo --path other.duckdb
    """
    # The sandbox's server is only loaded where it is used: it would double the time that other commands take to start.
    from pipelines.operations.demo import demo

    set_up_log(verbose=False)
    console = Console(soft_wrap=True)
    with progress_bars(quiet=False) as bar:
        demo(path, console, bar)
