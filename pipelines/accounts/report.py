"""The combined result of several accounts' syncs: for the last line, programs, and the report."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from pipelines.accounts.account import Account
from pipelines.accounts.running import Ended
from pipelines.destinations.private_files import write_private
from sources.errors import DestinationError
from sources.exit_codes import SUCCESS, TRY_LATER, of_syncs
from sources.json_text import json_text

COUNTS = ("playlists", "unchanged", "read", "failed", "new_items", "removed_items", "requests")
"""Columns of `runs` that are added up."""


def finished(ended: Sequence[Ended], accounts: Sequence[Account]) -> dict[str, Any]:
    """The combined result: the exit code, sums, and which accounts did not end with 0 and why.

    `resume_at` is the earliest time at which one of those that are to be tried later may go on; null if one of them
    was told no time.

    Args:
        ended: how each ended.
        accounts: all that were to be synced.
    """
    exit_code = of_syncs([each.exit_code for each in ended])
    waiting = [each.resume_at for each in ended if each.exit_code == TRY_LATER]
    times = [time for time in waiting if time is not None]
    wrong = _wrong(ended)
    decisive = next((each for each in wrong if each.exit_code == exit_code), None)
    runs = [each.report.run for each in ended if each.report is not None]
    return {
        "exit_code": exit_code,
        "outcome": decisive.outcome if decisive is not None else "done",
        "accounts": len(accounts),
        "done": len(ended) - len(wrong),
        **{name: sum(getattr(run, name) for run in runs) for name in COUNTS},
        "resume_at": min(times) if times and len(times) == len(waiting) else None,
        "message": message_of(ended, accounts),
    }


def message_of(ended: Sequence[Ended], accounts: Sequence[Account]) -> str | None:
    """What there is to say of all: of one account what it said itself, of more how many are done, and the others."""
    if len(accounts) == 1 and ended:
        return ended[0].message
    return " ".join([last_line(ended, accounts), *(f"{each.account.name}: {each.message}" for each in _wrong(ended))])


def last_line(ended: Sequence[Ended], accounts: Sequence[Account]) -> str:
    """How many accounts are done, and the names and exit codes of the others."""
    wrong = _wrong(ended)
    others = ", ".join(f"{each.account.name} ({each.exit_code})" for each in wrong)
    left = len(accounts) - len(ended)
    return (
        f"{len(ended) - len(wrong)} of {len(accounts)} accounts synced"
        + (f"; failed or incomplete: {others}" if others else "")
        + (f"; {left} not started" if left else "")
        + "."
    )


def _wrong(ended: Sequence[Ended]) -> list[Ended]:
    return [each for each in ended if each.exit_code != SUCCESS]


def write_report(file: Path, fields: dict[str, Any], ended: Sequence[Ended]) -> None:
    """Writes a report as JSON: that of all, and in `accounts` one for each.

    Raises:
        DestinationError: the file cannot be written.
    """
    value = {
        **{name: field for name, field in fields.items() if name != "accounts"},
        "accounts": [
            {
                "name": each.account.name,
                "exit_code": each.exit_code,
                "outcome": each.outcome,
                "message": each.message,
                "resume_at": each.resume_at,
                "report": msgspec.json.decode(each.report.json()) if each.report is not None else None,
            }
            for each in ended
        ],
    }
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_private(file, json_text(value, indent=2).encode() + b"\n")
    except OSError as error:
        msg = f"The report cannot be written to {file} ({error.strerror}): name another file with --report."
        raise DestinationError(msg) from None
