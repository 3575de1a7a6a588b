"""Selects some accounts of a file, by name or by schedule class."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches

from pipelines.accounts.account import Account
from sources.errors import ConfigurationError


def chosen(accounts: Sequence[Account], names: Collection[str], schedule: str | None) -> list[Account]:
    """The accounts that were asked for, in the file's order.

    Args:
        accounts: all.
        names: of accounts, or of entries for all their shards; none for all.
        schedule: the schedule class; null for any.

    Raises:
        ConfigurationError: a name, the class, or both together mean no account.
    """
    known = {name for account in accounts for name in (account.name, account.entry)}
    for name in names:
        if name not in known:
            msg = f"--only {name}: there is no such account: {_nearest(name, known)}"
            raise ConfigurationError(msg)
    classes = {account.schedule for account in accounts if account.schedule is not None}
    if schedule is not None and schedule not in classes:
        msg = f"--schedule {schedule}: no account is in that class: {_nearest(schedule, classes)}"
        raise ConfigurationError(msg)
    found = [
        account
        for account in accounts
        if (not names or account.name in names or account.entry in names) and schedule in (None, account.schedule)
    ]
    if not found:
        msg = f"--only {', '.join(names)}: not in class {schedule}: leave one of --only and --schedule out."
        raise ConfigurationError(msg)
    return found


def _nearest(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, n=1)
    if near:
        return f"did you mean {near[0]}?"
    listed = sorted(known)
    return f"there are {', '.join(listed[:20])}{', …' if len(listed) > 20 else ''}." if listed else "there is none."
