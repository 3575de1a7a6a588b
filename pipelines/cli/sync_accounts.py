"""`playlake sync --accounts`: reports one line, or one log event, for each account."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from pipelines.accounts.account import Account
from pipelines.accounts.choice import chosen
from pipelines.accounts.file import AccountsFileError, read_accounts
from pipelines.accounts.report import finished, last_line, write_report
from pipelines.accounts.running import Ended, prepared, synced
from pipelines.cli.output import say
from pipelines.cli.sync_output import Output, lines_of, summary
from pipelines.cli.terminal import progress_bars, report_error, report_errors
from pipelines.destinations.lake import Lake
from pipelines.operations.log import event_field
from pipelines.operations.query import formatted
from pipelines.operations.result import Result
from pipelines.operations.webhooks import checked_host, report_failure, send_news
from sources.errors import ConfigurationError, PlaylakeError
from sources.exit_codes import of_syncs
from sources.overwriting import check_overwriting
from sources.spotify.config import SourceSettings


@dataclass(frozen=True, slots=True)
class Plan:
    """Which accounts to sync.

    Attributes:
        file: the accounts file.
        only: names; none for all.
        schedule: the schedule class; null for any.
        dry_run: whether to list them and sync nothing.
    """

    file: Path
    only: tuple[str, ...]
    schedule: str | None
    dry_run: bool


def sync_accounts(plan: Plan, given: SourceSettings, output: Output) -> int:
    """Syncs accounts of a file one after the other.

    Args:
        plan: which.
        given: settings given as options: they apply to all accounts.
        output: where results are reported.

    Returns:
        The exit code for all of them: see `sources.exit_codes`. It is 2 if the file is wrong: then no request is sent.
    """
    try:
        accounts = chosen(read_accounts(plan.file), plan.only, plan.schedule)
        for url, option in ((output.webhook, "--webhook"), (output.failure_webhook, "--failure-webhook")):
            if url is not None:
                checked_host(url, option)
        if output.report is not None:
            check_overwriting(output.report, "--report")
    except ConfigurationError as error:
        for fault in error.faults if isinstance(error, AccountsFileError) else [str(error)]:
            report_error(ConfigurationError(fault), output.log_format)
        return ConfigurationError.exit_code
    if plan.dry_run:
        return _list(accounts, output)
    return _sync(accounts, given, output)


def _sync(accounts: Sequence[Account], given: SourceSettings, output: Output) -> int:
    ended: list[Ended] = []
    for each in synced(prepared(accounts), given, partial(_around, output)):
        ended.append(each)
        with event_field("account", each.account.name):
            _tell(each, output)
            _post(each, output)
    fields = finished(ended, accounts)
    if output.log_format is not None:
        level = logging.INFO if fields["exit_code"] == 0 else logging.WARNING
        extra = {"event": "accounts_finished", "fields": fields}
        logging.getLogger("playlake").log(level, "%s", fields["message"], extra=extra)
    elif len(accounts) > 1 and not (output.quiet and fields["exit_code"] == 0):
        say(last_line(ended, accounts), err=True)
    if output.report is not None:
        with report_errors(output.log_format):
            write_report(output.report, fields, ended)
    return of_syncs([each.exit_code for each in ended])


@contextmanager
def _around(output: Output, account: Account, _lake: Lake) -> Iterator[dict[str, Any]]:
    """Progress and events of a sync name its account."""
    quiet = output.quiet or output.log_format is not None
    with progress_bars(quiet=quiet) as bar, event_field("account", account.name):
        yield {"progress": bar(account.name)}


def _tell(ended: Ended, output: Output) -> None:
    name = ended.account.name
    if ended.error is not None and output.log_format is not None:
        report_error(ended.error, output.log_format)
    elif ended.error is not None:
        say(f"playlake: {name}: {ended.error}", err=True)
    elif ended.report is not None and output.log_format is None:
        for line in lines_of(ended.report, changes=False):
            say(f"{name}: {line}", err=True)
        if not output.quiet:
            say(f"{name}: {summary(ended.report)}")


def _post(ended: Ended, output: Output) -> None:
    """Posts to the webhooks as a sync of the single account would."""
    try:
        with report_failure(output.failure_webhook, ended.lake, output.warn) as outcome:
            outcome.report = ended.report
            if ended.error is not None:
                raise ended.error
    except PlaylakeError:
        # It has been reported already.
        return
    if output.webhook is not None and ended.report is not None:
        send_news(output.webhook, [ended.report], output.warn)


def _list(accounts: Sequence[Account], output: Output) -> int:
    """Lists accounts, and which of them lack secrets. No request is sent."""
    ready = prepared(accounts)
    if output.log_format is not None:
        for each in ready:
            fields = msgspec.to_builtins(each.summary())
            logging.getLogger("playlake").info("%s", each.account.name, extra={"event": "account", "fields": fields})
    else:
        rows = [tuple(each.summary().values()) for each in ready]
        columns = list(ready[0].summary())
        for text in formatted(Result(columns, rows, ["VARCHAR"] * len(columns)), "table", most=len(rows)):
            say(text)
    return of_syncs([each.error.exit_code for each in ready if each.error is not None])
