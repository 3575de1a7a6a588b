"""The refresh token of the configuration, with rotation; those of `playlake login` are in `profiles.py`.

A refresh token may be single-use: the answer to its use then holds its successor, which must not be lost between runs.
Spotify's PKCE flow gives such tokens:
https://developer.spotify.com/documentation/web-api/tutorials/refreshing-tokens
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from platformdirs import user_data_path

from sources.private_file import PrivateFile
from sources.spotify.auth.refresh_tokens import storing_successor

log = logging.getLogger("playlake")


def token_folder() -> Path:
    """The folder for a user's tokens on this system."""
    return user_data_path("playlake") / "tokens"


@dataclass(frozen=True, slots=True)
class ConfiguredRefreshToken:
    """A refresh token of the configuration; its successor is in a file named by its hash.

    Attributes:
        folder: where; made when it is needed.
        configured: the token as the configuration has it.
        is_single_use: whether its successor must be kept, because it cannot be used again: so without an app's secret.
        authorised_at: when the user agreed, if the configuration says so.
    """

    folder: Path
    configured: str
    is_single_use: bool = True
    authorised_at: datetime | None = None
    scope: ClassVar[None] = None
    remedy: ClassVar[str] = "run playlake login, or set a new refresh_token"

    def __repr__(self) -> str:
        """Without the token."""
        return f"ConfiguredRefreshToken(is_single_use={self.is_single_use})"

    @contextmanager
    def turn(self) -> Iterator[str]:
        """The token to use now; only one process at a time has one that works once.

        Raises:
            SignInError: tokens cannot be stored there, so that using this one would lose it.
            TryLaterError: another process has been using the token for minutes.
        """
        file = self._file()
        if not self.is_single_use:
            yield self._current(file)
            return
        with storing_successor(file, "configure the app's client_secret"):
            yield self._current(file)

    def keep(self, successor: str) -> None:
        """Stores the next token atomically."""
        file = self._file()
        if self.is_single_use:
            file.write(successor.encode())
            return
        try:
            with file.turn():
                file.write(successor.encode())
        except OSError as error:
            # Tokens of apps with a secret have worked again and again, so this is not the end.
            log.warning("Spotify returned a new refresh token, which cannot be stored in %s (%s).", self.folder, error)

    def accepted(self) -> None:
        """Does nothing: the configuration is not changed."""

    def refused(self, now: datetime) -> None:
        """Nothing is known of earlier times."""

    def _current(self, file: PrivateFile) -> str:
        return (file.read() or b"").decode().strip() or self.configured

    def _file(self) -> PrivateFile:
        return PrivateFile(self.folder / sha256(self.configured.encode()).hexdigest()[:32])
