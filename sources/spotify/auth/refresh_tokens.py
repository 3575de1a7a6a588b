"""What each place that keeps a refresh token can do: `configured_refresh_token.py`; after a login `profiles.py`."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Protocol

from filelock import Timeout

from sources.errors import SignInError, TryLaterError
from sources.private_file import PrivateFile


class RefreshTokens(Protocol):
    """The refresh token of one consent, wherever it is kept."""

    @property
    def authorised_at(self) -> datetime | None:
        """When the user agreed, if that is known."""

    @property
    def scope(self) -> str | None:
        """The granted scopes, if they are known."""

    @property
    def remedy(self) -> str:
        """What to do when it has expired."""

    @property
    def is_single_use(self) -> bool:
        """Whether the token is single-use, and each use returns its successor."""

    def turn(self) -> AbstractContextManager[str]:
        """The current token, under an exclusive lock between processes."""

    def keep(self, successor: str) -> None:
        """Stores the next token, while the lock is held."""

    def accepted(self) -> None:
        """Records, while the lock is held, that Spotify accepted the token."""

    def refused(self, now: datetime) -> datetime | None:
        """Records, while the lock is held, that Spotify refused the token; returns since when if it did before."""


@contextmanager
def storing_successor(file: PrivateFile, instead: str) -> Iterator[None]:
    """Hold the exclusive lock of a single-use token, and report if its successor cannot be stored.

    Args:
        file: where its successor will be.
        instead: what else the operator may do, for the message.

    Raises:
        SignInError: the next token could not be stored.
        TryLaterError: another process has it, for minutes.
    """
    try:
        with file.turn():
            yield
    except Timeout:
        msg = f"Another process has been using the tokens in {file.path.parent} for minutes: try again later."
        raise TryLaterError(msg) from None
    except OSError as error:
        msg = (
            f"The refresh token works once and its successor cannot be kept in {file.path.parent} ({error.strerror}): "
            f"make that folder writable and check that the disk is not full, or {instead}."
        )
        raise SignInError(msg) from None
