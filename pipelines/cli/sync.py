"""`playlake sync`."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from pipelines.cli.options import (
    LocalPath,
    address_options,
    given_settings,
    lake_options,
    profile_option,
    setting_option,
)
from pipelines.cli.output import say
from pipelines.cli.terminal import progress_bars, report_error, report_errors, set_up_log, warn
from pipelines.destinations.lake import Lake
from pipelines.operations.changes import changes_told
from pipelines.operations.log import LOG_FORMATS, LogFormat
from pipelines.operations.webhooks import checked_host, report_failure, send_news
from pipelines.sync.replay import replay
from pipelines.sync.service import Report, sync
from sources.errors import PlaylakeError

_FOLDER = LocalPath(file_okay=False)
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
    """
    _check_together(playlists, users, from_raw, profile, resources, full, covers, keep_raw)
    set_up_log(verbose=verbose, style=log_format)
    with report_errors(log_format):
        lake = Lake(destination, path, dataset)
        if webhook is not None:
            checked_host(webhook, "--webhook")
    folder = str(keep_raw) if keep_raw else None
    settings = given_settings(
        profile=profile or None,
        api_url=api_url,
        accounts_url=accounts_url,
        resources=resources,
        users=users,
        full=full,
        covers=covers,
        keep_raw=folder,
    )
    ended: list[Report | PlaylakeError] = []
    with (
        progress_bars(quiet=quiet or log_format is not None) as bar,
        report_errors(log_format),
        report_failure(failure_webhook, lake, lambda problem: warn(problem, log_format)) as outcome,
    ):
        common: dict[str, Any] = {"report_to": report, "progress": bar("Playlists")}
        runs = (
            replay(from_raw, lake, **common)
            if from_raw
            else [sync(playlists, lake, ends_well=True, **settings, **common)]
        )
        for done in runs:
            ended.append(done)
            outcome.report = done if isinstance(done, Report) else None
    if webhook is not None:
        done_well = [done for done in ended if isinstance(done, Report)]
        send_news(webhook, done_well, lambda problem: warn(problem, log_format))
    # Only now is standard output no longer the progress bars'.
    try:
        for done in ended:
            if isinstance(done, PlaylakeError):
                report_error(done, log_format)
            elif log_format is None:
                _say(done, quiet=quiet)
        if not ended and log_format is None and not quiet:
            say(f"All runs of {from_raw} are stored in {lake.location} already.")
    except BrokenPipeError:
        # That nobody reads on changes nothing in how it went.
        _write_nowhere()
    sys.exit(ended[-1].exit_code if ended else 0)


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


def _say(report: Report, *, quiet: bool) -> None:
    run = report.run
    for read in report.reads:
        # What ended the run is said once, not for each playlist that it kept from being read.
        if read.message and read.message != run.message and not read.withheld:
            name = " ".join(report.names.get(read.playlist_id, read.playlist_id).split())
            say(f"{name}: {read.message}", err=True)
    for part in report.resource_reads:
        # What came with a group and is not for this app is no news in each hour's mail: the last line counts it.
        is_closed = part.outcome == "not_available" and not part.lacks_scope
        is_quiet = is_closed and f"{part.subject} ({part.resource})" not in (run.message or "")
        if part.message and part.message != run.message and not is_quiet:
            say(f"{part.resource} {part.subject}: {part.message}", err=True)
    for news in report.news:
        say(f"{' '.join(news.name.split())}: {news.message}", err=True)
    for note in filter(None, (*report.notes, run.message)):
        say(note, err=True)
    if quiet:
        return
    for line in changes_told(report):
        say(line, err=True)
    withheld = sum(read.withheld for read in report.reads)
    closed = sum(part.outcome == "not_available" for part in report.resource_reads)
    say(
        f"{run.playlists} {'playlist' if run.playlists == 1 else 'playlists'}: "
        f"{run.read} read, {run.unchanged} unchanged, {run.failed} failed"
        + (f", {withheld} with contents hidden by Spotify" if withheld else "")
        + f"; +{run.new_items} -{run.removed_items} items"
        + "".join(
            f"; {part.subject}: {part.outcome}, +{part.new_items} -{part.removed_items}"
            for part in report.resource_reads
            if part.outcome != "not_available"
        )
        + (f"; {closed} not available here (playlake doctor says why)" if closed else "")
        + f"; {run.requests} requests -> {report.lake.location}"
    )
