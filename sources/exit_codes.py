"""The exit codes of the commands, and which of them a sync ends with, or the syncs of several accounts.

Each error of `sources.errors` has one. Codes 1, 130 and 143 are those of shells: any other error, SIGINT and SIGTERM.
75 is `EX_TEMPFAIL` of https://man.openbsd.org/sysexits.3.
"""

from collections.abc import Sequence

SUCCESS = 0
FAILURE = 1
CONFIGURATION = 2
"""A setting, an id, a path or a statement is wrong."""
SIGN_IN = 3
"""The user has to sign in again."""
PARTIAL = 4
"""Everything that could be read is stored, but something requested could not be read."""
TRY_LATER = 75
"""Spotify, or another sync, asks to wait."""

INTERRUPTED = (130, 143)
"""Of an interrupted sync: then no other account's is started."""

PRECEDENCE = (CONFIGURATION, SIGN_IN, FAILURE, PARTIAL, TRY_LATER, SUCCESS)
"""First the codes that need a person, then those that are worth a retry."""


def of_sync(error: int | None, *, is_partial: bool) -> int:
    """The exit code of one sync.

    Args:
        error: the code of the error that ended it; null if it was read to its end.
        is_partial: whether something that was requested could not be read.
    """
    if error is not None:
        return error
    return PARTIAL if is_partial else SUCCESS


def of_syncs(codes: Sequence[int]) -> int:
    """The exit code of several accounts' syncs: an interruption, or the first in `PRECEDENCE` that one of them has."""
    for code in codes:
        if code in INTERRUPTED:
            return code
    return next((code for code in PRECEDENCE if code in codes), max(codes, default=SUCCESS))
