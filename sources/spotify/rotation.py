"""Refresh tokens that work once: the answer to each use holds the next, which must not be lost between runs.

Spotify's PKCE flow gives such tokens:
https://developer.spotify.com/documentation/web-api/tutorials/refreshing-tokens
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from filelock import FileLock
from platformdirs import user_data_path

from sources.errors import SignInError

LONGEST_REFRESH = 120.0
"""Seconds to wait for another process that is using the same token."""


def token_folder() -> Path:
    """Where a user's tokens are kept on this system."""
    return user_data_path("playlake") / "tokens"


@dataclass(frozen=True, slots=True)
class Rotation:
    """The successors of configured refresh tokens, one file of mode 0600 each.

    Attributes:
        folder: where; made when it is needed.
    """

    folder: Path

    @contextmanager
    def turn(self, configured: str) -> Iterator[str]:
        """The token to use now; only one process at a time has it.

        Args:
            configured: the token as the configuration has it.

        Raises:
            SignInError: tokens cannot be kept there, so that using this one would lose it.
        """
        file = self._file(configured)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(f"{file}.lock", timeout=LONGEST_REFRESH):
                yield file.read_text().strip() if file.exists() else configured
        except OSError as error:
            msg = (
                f"The refresh token works once and its successor cannot be kept in {self.folder} ({error.strerror}): "
                "make that folder writable, or configure the app's client_secret."
            )
            raise SignInError(msg) from None

    def keep(self, configured: str, successor: str) -> None:
        """Stores the next token, whole or not at all."""
        file = self._file(configured)
        partial = file.with_suffix(".partial")
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            stream.write(successor)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(file)

    def _file(self, configured: str) -> Path:
        return self.folder / sha256(configured.encode()).hexdigest()[:32]
