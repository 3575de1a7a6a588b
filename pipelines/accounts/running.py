"""The syncs of several accounts, one after the other: one that fails does not stop the others."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dlt.common.configuration.exceptions import ConfigurationException

from pipelines.accounts.account import Account
from pipelines.destinations.configuration_errors import configuration_error_of
from pipelines.destinations.lake import Lake
from pipelines.sync.service import Report, sync
from sources.errors import PlaylakeError, TryLaterError
from sources.exit_codes import INTERRUPTED, SUCCESS
from sources.spotify.config import SourceSettings

log = logging.getLogger("playlake")


@dataclass(frozen=True, slots=True)
class Prepared:
    """An account with its secrets, or the error that says why they are not available.

    Attributes:
        account: whose.
        settings: the arguments of its sync.
        error: a secret is missing, or there is no such profile.
    """

    account: Account
    settings: SourceSettings | None = field(default=None, repr=False)
    error: PlaylakeError | None = None

    def summary(self) -> dict[str, Any]:
        """What a sync would do, without any secret."""
        return self.account.summary() | {"missing": str(self.error) if self.error is not None else None}


@dataclass(frozen=True, slots=True)
class Ended:
    """How an account's sync ended. Either there is a report, or an error.

    Attributes:
        account: whose.
        lake: where to.
        report: what it did.
        error: what stopped it before anything was read.
    """

    account: Account
    lake: Lake
    report: Report | None = None
    error: PlaylakeError | None = None

    @property
    def exit_code(self) -> int:
        """What a sync of this account alone would have ended with; after a late signal, the code for that."""
        return self.report.stop_code if self.report is not None else self.error.exit_code if self.error else SUCCESS

    @property
    def outcome(self) -> str:
        """The outcome, as in `runs`."""
        return self.report.run.outcome if self.report is not None else self.error.outcome if self.error else ""

    @property
    def message(self) -> str | None:
        """Its message."""
        return self.report.run.message if self.report is not None else str(self.error) if self.error else None

    @property
    def resume_at(self) -> datetime | None:
        """The earliest time to try again, if it is known."""
        if self.report is not None:
            return self.report.run.resume_at
        return self.error.resume_at if isinstance(self.error, TryLaterError) else None


def prepared(accounts: Iterable[Account]) -> list[Prepared]:
    """Accounts with the arguments of their syncs. Sends no request."""
    found = []
    for account in accounts:
        try:
            found.append(Prepared(account, account.source_settings()))
        except PlaylakeError as error:
            found.append(Prepared(account, error=error))
    return found


def synced(
    accounts: Iterable[Prepared],
    given: SourceSettings,
    around: Callable[[Account, Lake], AbstractContextManager[dict[str, Any]]],
) -> Iterator[Ended]:
    """Syncs accounts one after the other. A signal ends the sync under way, and no other begins.

    Args:
        accounts: whose.
        given: settings that go before those of the accounts.
        around: what to do around a sync: it gives further arguments of `sync`.

    Yields:
        How each ended, as soon as it has.
    """
    for each in accounts:
        account, lake = each.account, each.account.lake()
        if each.error is not None:
            ended = Ended(account, lake, error=each.error)
        else:
            with around(account, lake) as more:
                ended = _synced(account, lake, {**(each.settings or {}), **given, **more})
        yield ended
        if ended.exit_code in INTERRUPTED:
            return


def _synced(account: Account, lake: Lake, arguments: dict[str, Any]) -> Ended:
    try:
        return Ended(account, lake, sync(account.playlists or None, lake, ends_well=True, **arguments))
    except PlaylakeError as error:
        return Ended(account, lake, error=error)
    except ConfigurationException as error:
        return Ended(account, lake, error=configuration_error_of(error))
    except Exception as error:  # the other accounts have their turn, and the log has the traceback
        log.debug("%s", error, exc_info=error)
        return Ended(account, lake, error=PlaylakeError(f"unexpected {type(error).__name__}: {error}"))
