"""The command line."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from rich.console import Console
from rich.logging import RichHandler
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipelines.compact import compact
from pipelines.lake import Lake
from pipelines.log import LOG_FORMATS, EventFormatter, LogFormat
from pipelines.query import FORMATS, Format, formatted, query
from pipelines.status import check_health, last_run, playlists_status
from pipelines.sync import Report, sync
from sources.errors import ConfigurationError, PlaylakeError
from sources.spotify import read_settings
from sources.spotify.settings import duration

if TYPE_CHECKING:
    from sources.spotify_sandbox import World

_Command = TypeVar("_Command", bound=Callable[..., Any])


def lake_options(command: _Command) -> _Command:
    """The options that say where the tables are."""
    for option in (
        click.option(
            "--dataset", default="spotify", show_default=True, help="Schema in the database, or folder below the path."
        ),
        click.option("--path", help="File, folder or bucket URL.  [default: playlake.duckdb, or lake for Parquet]"),
        click.option(
            "--destination",
            default="duckdb",
            show_default=True,
            help="duckdb, parquet, or any destination that dlt knows.",
        ),
    ):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="playlake", prog_name="playlake")
def playlake() -> None:
    """Spotify playlists as SQL tables: complete, in order, with their history.

    \b
    Try it without an account:   playlake demo
    Your own playlists:          playlake sync
    Ask:                         playlake query "SELECT name, items_total FROM playlists"
    """


@playlake.command("demo")
@click.option("--path", help="A DuckDB file to make.  [default: playlake-demo.duckdb, made anew]")
def demo_command(path: str | None) -> None:
    """Sync a made-up Spotify into DuckDB, change it, sync again, and show what came out."""
    # The sandbox's server is only loaded where it is used: it would double the time that other commands take to start.
    from pipelines.demo import demo

    _set_up_log(verbose=False)
    console = Console(soft_wrap=True)
    with _progress(quiet=False) as bar:
        demo(path, console, bar)


@playlake.command("sync")
@click.argument("playlists", nargs=-1, metavar="[ID, URI or URL]...")
@lake_options
@click.option("--full", is_flag=True, help="Read everything, even what seems unchanged.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write a report of the run, as JSON.")
@click.option("--log-format", type=click.Choice(LOG_FORMATS), help="Log each event on a line, for programs.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing unless something is wrong.")
@click.option("--verbose", "-v", is_flag=True, help="Say more, and show tracebacks.")
def sync_command(
    playlists: tuple[str, ...],
    destination: str,
    path: str | None,
    dataset: str,
    full: bool,
    report: Path | None,
    log_format: LogFormat | None,
    quiet: bool,
    verbose: bool,
) -> None:
    """Bring the tables up to date: all playlists of the signed-in user, or only those named.

    \b
    playlake sync
    playlake sync 37i9dQZF1DXcBWIGoYBM5M https://open.spotify.com/playlist/3cEYpjA9oz9GiPac4AsH4n
    playlake sync --destination parquet --path ./lake
    """
    _set_up_log(verbose=verbose, style=log_format)
    with _progress(quiet=quiet or log_format is not None) as bar, _told(log_format):
        done = sync(
            playlists or None,
            Lake(destination, path, dataset),
            full=full,
            report_to=report,
            ends_well=True,
            progress=bar("Playlists"),
        )
    if log_format is None:
        _say(done, quiet=quiet)
    sys.exit(done.exit_code)


@playlake.command("query")
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


@playlake.command("status")
@lake_options
@click.option("--format", "style", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option("--check", is_flag=True, help="Say only whether all is well, and end with 1 if it is not.")
@click.option("--max-age", default="26 h", show_default=True, help="With --check: how old the last good sync may be.")
def status_command(destination: str, path: str | None, dataset: str, style: Format, check: bool, max_age: str) -> None:
    """Show per playlist when it was last read, whether it can be, and when it is audited next.

    \b
    playlake status
    playlake status --check --max-age 26h    # for monitors: one line, and exit code 0 or 1
    """
    lake = Lake(destination, path, dataset)
    if check:
        health = check_health(lake, duration(max_age, unit="h", name="--max-age"), datetime.now(UTC))
        click.echo(health.message, err=not health.is_well)
        sys.exit(0 if health.is_well else 1)
    for text in formatted(playlists_status(lake, read_settings().audit_after), style):
        click.echo(text)
    if style == "table":
        click.echo("\nLast run")
        for text in formatted(last_run(lake), style):
            click.echo(text)


@playlake.command("compact")
@lake_options
@click.option(
    "--orphans-older-than", default="1 h", show_default=True, help="Delete files of loads that died this long ago."
)
def compact_command(destination: str, path: str | None, dataset: str, orphans_older_than: str) -> None:
    """Merge the small files of a Parquet lake; no answer changes.

    \b
    playlake compact --destination parquet --path ./lake
    """
    age = duration(orphans_older_than, unit="h", name="--orphans-older-than")
    done = compact(Lake(destination, path, dataset), orphan_age=age)
    click.echo(
        f"{done.files_before} files of {done.bytes_before / 1e6:.1f} MB are now "
        f"{done.files_after} of {done.bytes_after / 1e6:.1f} MB"
    )


@playlake.command("sandbox")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8642,
    show_default=True,
    help="Port on this machine; 0 takes a free one.",
)
@click.option(
    "--world", "world_path", type=click.Path(path_type=Path), help="Serve a saved world, or the data in a folder."
)
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="For data that has a history: the day to serve.")
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep a made-up world in this file, with all changes; --world reads it.",
)
@click.option(
    "--regime", type=click.Choice(["extended", "development", "transition"]), default="extended", show_default=True
)
@click.option(
    "--weather",
    default="clear",
    show_default=True,
    help="What goes wrong: clear, busy, quota, storm, mirage, or a JSON file of faults.",
)
@click.option("--seed", default=1, show_default=True, help="For a made-up world: another number, another world.")
@click.option("--playlists", default=80, show_default=True, help="For a made-up world: how many playlists.")
@click.option("--items", default=15_000, show_default=True, help="For a made-up world: how many items on them.")
def sandbox_command(
    port: int,
    world_path: Path | None,
    day: datetime | None,
    save: Path | None,
    regime: str,
    weather: str,
    seed: int,
    playlists: int,
    items: int,
) -> None:
    """Serve an imitation of Spotify's Web API on this machine, until interrupted.

    \b
    playlake sandbox --port 0 --regime development --weather storm
    playlake sandbox --items 1000000 --playlists 500 --save big.world
    """
    from sources.spotify_sandbox import Listening, WeatherError, WorldError, read_weather, serve

    def ready(told: Listening) -> None:
        click.echo(f"Spotify's stand-in listens on {told.url}, where a browser finds its page. Try it:\n")
        click.echo(f"curl -H 'Authorization: Bearer {told.access_token}' {told.url}/v1/me/playlists\n")
        click.echo(f"client id      {told.client_id}\nclient secret  {told.client_secret}\n")
        click.echo("In another terminal paste\n")
        for name, value in told.environment.items():
            click.echo(f"export {name}={value}")
        click.echo("\nand run playlake sync. Ctrl-C ends it.")

    try:
        world = _world(world_path, day.date() if day else None, seed, playlists, items)
        serve(world, port, regime, ready, weather=read_weather(weather, seed), save=save)
    except (WorldError, WeatherError) as error:
        raise ConfigurationError(str(error)) from None
    except OSError as error:
        msg = f"Port {port} cannot be used ({error.strerror}): name another with --port, or 0 for a free one."
        raise ConfigurationError(msg) from None


def _world(path: Path | None, day: date | None, seed: int, playlists: int, items: int) -> "World":
    from sources.spotify_sandbox import generate, load
    from sources.spotify_sandbox.timestamps import now

    if path is not None:
        return load(path, day, clock=now)
    if day is not None:
        msg = "--day goes with --world: a made-up world has no days."
        raise ConfigurationError(msg)
    return generate(seed=seed, playlists=playlists, items=items, clock=now)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[str], Callable[[int, int], None]]]:
    """Bars on a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as progress:

        def bar(title: str) -> Callable[[int, int], None]:
            task = progress.add_task(title, total=None)

            def update(done: int, total: int) -> None:
                progress.update(task, completed=done, total=total, visible=done < total)

            return update

        yield bar


@contextmanager
def _told(style: LogFormat | None) -> Iterator[None]:
    """Where the log is for programs, an error is an event like any other."""
    try:
        yield
    except PlaylakeError as error:
        if style is None:
            raise
        fields = {"exit_code": error.exit_code, "outcome": error.outcome, "message": str(error)}
        logging.getLogger("playlake").error("%s", error, extra={"event": "run_failed", "fields": fields})  # noqa: TRY400
        sys.exit(error.exit_code)


def _say(report: Report, *, quiet: bool) -> None:
    run = report.run
    for read in report.reads:
        if read.message and not read.withheld:
            click.echo(f"{report.names.get(read.playlist_id, read.playlist_id)}: {read.message}", err=True)
    if run.message:
        click.echo(run.message, err=True)
    if quiet:
        return
    withheld = sum(read.withheld for read in report.reads)
    click.echo(
        f"{run.playlists} playlists: {run.read} read, {run.unchanged} unchanged, {run.failed} failed"
        + (f", {withheld} that this app may not read" if withheld else "")
        + f"; +{run.new_items} -{run.removed_items} items; {run.requests} requests -> {report.lake.location}"
    )


def _set_up_log(*, verbose: bool, style: LogFormat | None = None) -> None:
    """What the run notes of single playlists is printed at its end, so the log is for programs and the curious."""
    if style is not None:
        handler = logging.StreamHandler()
        handler.setFormatter(EventFormatter(style))
        logger = logging.getLogger("playlake")
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.DEBUG if verbose else logging.INFO)
        return
    logging.getLogger("playlake").setLevel(logging.DEBUG if verbose else logging.CRITICAL)
    if verbose:
        logging.basicConfig(
            level=logging.INFO, format="%(message)s", handlers=[RichHandler(console=Console(stderr=True))]
        )


def main() -> None:
    """The console script: every error is one line and an exit code."""
    try:
        playlake(standalone_mode=False)
    except click.exceptions.Exit as ending:
        sys.exit(ending.exit_code)
    except click.Abort:
        click.echo("Interrupted.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except PlaylakeError as error:
        click.echo(f"playlake: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        if "--verbose" in sys.argv or "-v" in sys.argv:
            raise
        click.echo(
            f"playlake: unexpected {type(error).__name__}: {error}. Run it with --verbose and report it.", err=True
        )
        sys.exit(1)
