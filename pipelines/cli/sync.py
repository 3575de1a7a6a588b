"""`playlake sync`."""

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from pipelines.cli.options import (
    LocalPath,
    address_options,
    given_settings,
    lake_options,
    profile_option,
    setting_option,
)
from pipelines.cli.output import say
from pipelines.cli.sync_output import Output, lines_of, summary
from pipelines.cli.terminal import progress_bars, report_error, report_errors, set_up_log
from pipelines.destinations.lake import Lake
from pipelines.operations.log import LOG_FORMATS, LogFormat
from pipelines.operations.webhooks import checked_host, report_failure, send_news
from pipelines.sync.service import Report, sync
from sources.errors import PlaylakeError

_FOLDER = LocalPath(file_okay=False)
_FILE = LocalPath(dir_okay=False)
_PLACE = LocalPath(exists=True)


@click.command("sync", short_help="Bring the tables up to date.")
@click.argument("playlists", nargs=-1, metavar="[ID, URI or URL]...")
@lake_options
@profile_option
@address_options
@setting_option("resources", metavar="NAMES")
@setting_option("users", metavar="IDS")
@setting_option("full")
@setting_option("covers")
@click.option("--report", type=LocalPath(dir_okay=False), help="Write a report of the run, as JSON.")
@setting_option("keep_raw", type=_FOLDER)
@click.option("--from-raw", type=_PLACE, help="Read kept answers, a file or all of a folder, and not Spotify.")
@click.option("--log-format", type=click.Choice(LOG_FORMATS), help="Log each event on a line, for programs.")
@click.option(
    "--failure-webhook",
    metavar="URL",
    envvar="PLAYLAKE_FAILURE_WEBHOOK",
    help="Post JSON there if the sync does not end with 0, as Slack takes it.  [env: PLAYLAKE_FAILURE_WEBHOOK]",
)
@click.option(
    "--webhook",
    metavar="URL",
    envvar="PLAYLAKE_WEBHOOK",
    help="Post JSON there if playlists left the library or were emptied.  [env: PLAYLAKE_WEBHOOK]",
)
@click.option("--accounts", type=_FILE, help="Sync the accounts of a file, TOML or CSV, one after the other.")
@click.option("--only", multiple=True, metavar="NAME", help="With --accounts: only this account; may be repeated.")
@click.option("--schedule", metavar="CLASS", help="With --accounts: only those of this schedule class.")
@click.option("--dry-run", is_flag=True, help="With --accounts: check the file, and list what would be synced.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing unless something is wrong.")
@click.option("--verbose", "-v", is_flag=True, help="Print more, and show tracebacks.")
def sync_command(
    playlists: tuple[str, ...],
    destination: str,
    path: str | None,
    dataset: str,
    profile: str | None,
    api_url: str | None,
    accounts_url: str | None,
    resources: str | None,
    users: str | None,
    full: bool,
    covers: bool,
    report: Path | None,
    keep_raw: Path | None,
    from_raw: Path | None,
    log_format: LogFormat | None,
    failure_webhook: str | None,
    webhook: str | None,
    accounts: Path | None,
    only: tuple[str, ...],
    schedule: str | None,
    dry_run: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Bring the tables up to date: all playlists of the signed-in user, or only those named.

    \b
    playlake sync
    playlake sync 5ieJqeLJjjI8iJWaxeBLuK
    playlake sync https://open.spotify.com/playlist/3cEYpjA9oz9GiPac4AsH4n
    playlake sync --resources playlists,saved_items
    playlake sync --users anna,ben
    playlake sync --destination parquet --path ./lake
    playlake sync --keep-raw raw
    playlake sync --from-raw raw --path rebuilt.duckdb
    playlake sync --accounts accounts.toml --only anna
    """
    _check_accounts(accounts, only, schedule, dry_run=dry_run)
    _check_together(playlists, users, from_raw, profile, resources, full, covers, keep_raw)
    set_up_log(verbose=verbose, style=log_format)
    output = Output(log_format, report, webhook, failure_webhook, quiet=quiet)
    settings = given_settings(
        profile=profile or None,
        api_url=api_url,
        accounts_url=accounts_url,
        resources=resources,
        users=users,
        full=full,
        covers=covers,
        keep_raw=str(keep_raw) if keep_raw else None,
    )
    if accounts is not None:
        from pipelines.cli.sync_accounts import Plan, sync_accounts

        sys.exit(sync_accounts(Plan(accounts, only, schedule, dry_run=dry_run), settings, output))
    with report_errors(log_format):
        lake = Lake(destination, path, dataset)
        if webhook is not None:
            checked_host(webhook, "--webhook")
    ended = _synced(
        lake, _replaying(from_raw) if from_raw else partial(sync, playlists, ends_well=True, **settings), output
    )
    _tell(ended, lake, from_raw, output)
    sys.exit(ended[-1].exit_code if ended else 0)


def _replaying(kept: Path) -> Callable[..., Any]:
    """What repeats the runs of kept answers in place of a sync."""
    from pipelines.sync.replay import replay

    return partial(replay, kept)


def _synced(lake: Lake, start: Callable[..., Any], output: Output) -> list[Report | PlaylakeError]:
    """Syncs, once or once for each run that is repeated, and tells the webhooks."""
    ended: list[Report | PlaylakeError] = []
    with (
        progress_bars(quiet=output.quiet or output.log_format is not None) as bar,
        report_errors(output.log_format),
        report_failure(output.failure_webhook, lake, output.warn) as outcome,
    ):
        begun = start(lake, report_to=output.report, progress=bar("Playlists"))
        for done in [begun] if isinstance(begun, Report) else begun:
            ended.append(done)
            outcome.report = done if isinstance(done, Report) else None
    if output.webhook is not None:
        send_news(output.webhook, [done for done in ended if isinstance(done, Report)], output.warn)
    return ended


def _tell(ended: list[Report | PlaylakeError], lake: Lake, from_raw: Path | None, output: Output) -> None:
    """Says what came of it: only now is standard output no longer the progress bars'."""
    try:
        for done in ended:
            if isinstance(done, PlaylakeError):
                report_error(done, output.log_format)
            elif output.log_format is None:
                for line in lines_of(done, changes=not output.quiet):
                    say(line, err=True)
                if not output.quiet:
                    say(summary(done))
        if not ended and output.log_format is None and not output.quiet:
            say(f"All runs of {from_raw} are stored in {lake.location} already.")
    except BrokenPipeError:
        # That nobody reads on changes nothing in how it went.
        _write_nowhere()


def _check_accounts(accounts: Path | None, *choice: object, dry_run: bool) -> None:
    """Refuses beside --accounts what its file says for each account, and without it what chooses of them."""
    if accounts is None:
        if dry_run or any(choice):
            msg = "--only, --schedule and --dry-run choose of the accounts of a file: name it with --accounts."
            raise click.UsageError(msg)
        return
    context = click.get_current_context()
    for name in ("playlists", "destination", "path", "dataset", "profile", "resources", "users", "from_raw"):
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
            said = "playlists" if name == "playlists" else f"--{name.replace('_', '-')}"
            msg = f"--accounts: its file says that for each account, or in [defaults]: leave out {said}."
            raise click.UsageError(msg)


def _check_together(playlists: tuple[str, ...], users: str | None, from_raw: Path | None, *others: object) -> None:
    """Refuses playlists beside users, and what cannot be said of a run that is repeated."""
    if users and playlists:
        msg = "--users reads whole lists: leave out either the users or the playlists."
        raise click.UsageError(msg)
    if from_raw and any((playlists, users, *others)):
        msg = (
            "--from-raw repeats what its runs did: leave out playlists, --profile, --resources, --users, --full, "
            "--covers and --keep-raw."
        )
        raise click.UsageError(msg)


def _write_nowhere() -> None:
    """What is still to be written to a closed pipe when the interpreter ends would change the exit code."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
