"""All errors, by what the operator does next. The exit codes are named in `sources.exit_codes`.

    PlaylakeError                 exit  what the operator does
    ├── ConfigurationError          2   fix a setting, an id, a path, an SQL statement
    │   └── DestinationError        2   fix the path, close the program that has the file open, or free space
    │       └── ReplacedError       2   put the file or folder back
    ├── SignInError                 3   sign in again
    │   └── ScopeError              3   sign in again and consent to more
    ├── TryLaterError              75   wait; `resume_at` says until when
    │   ├── WrongClockError        75   set this machine's clock, or wait until the system has
    │   └── EditedElsewhereError   75   look at what somebody else changed, and run the command again
    ├── CollisionError              1   report it: noted per playlist
    ├── Interrupted            130, 143  nothing, or sync again: what was read is kept
    └── ApiError                    1   look at the API's answer, and report it if it looks right
        ├── ForbiddenError          -   the app may not see the playlist: noted per playlist
        ├── NotFoundError           -   the playlist is gone: noted per playlist
        └── ChangedWhileReading     -   the next run reads it: noted per playlist

Messages say what happened, to which playlist or address, and what to do; they never contain secrets.
"""

from datetime import datetime

from sources import exit_codes
from sources.safe_text import printable


class PlaylakeError(Exception):
    """An error that is shown as one line instead of a traceback."""

    exit_code = exit_codes.FAILURE
    outcome = "failed"

    def __init__(self, message: str = "") -> None:
        # Messages quote servers, files and libraries, and go to terminals, logs, tables and webhooks.
        super().__init__(printable(message))


class ConfigurationError(PlaylakeError):
    """A setting, an id, a path or a statement is wrong."""

    exit_code = exit_codes.CONFIGURATION
    outcome = "misconfigured"


class DestinationError(ConfigurationError):
    """The destination cannot be opened or written."""


class ReplacedError(DestinationError):
    """The destination was removed or replaced while it was written."""


class SignInError(PlaylakeError):
    """Credentials are missing, or Spotify does not accept them any more."""

    exit_code = exit_codes.SIGN_IN
    outcome = "sign_in_needed"


class ScopeError(SignInError):
    """The user's consent does not cover a request."""


class TryLaterError(PlaylakeError):
    """The same command will work later: Spotify limits the rate, or another process uses the destination.

    The outcome is `rate_limited` for all of them, also where another process is the cause: tables promise the value.

    Attributes:
        resume_at: the earliest time to continue; null if it is not known.
    """

    exit_code = exit_codes.TRY_LATER
    outcome = "rate_limited"

    def __init__(self, message: str, resume_at: datetime | None = None) -> None:
        super().__init__(message)
        self.resume_at = resume_at


class CollisionError(PlaylakeError):
    """Additions of a playlist have colliding keys."""


class WrongClockError(TryLaterError):
    """This machine's clock is wrong: rows written now would have wrong times."""

    outcome = "wrong_clock"


class EditedElsewhereError(TryLaterError):
    """Somebody else changed a playlist while it was written."""

    outcome = "edited_elsewhere"


class Interrupted(PlaylakeError):  # noqa: N818 (nobody made an error)
    """The run was interrupted by a user or the system.

    Attributes:
        exit_code: 128 plus the number of the signal, as in shells.
    """

    outcome = "interrupted"

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class ApiError(PlaylakeError):
    """The Web API did not respond as expected, even after retries.

    Attributes:
        status: the HTTP status, if there was an answer.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class ForbiddenError(ApiError):
    """403: the app or the user may not see this."""


class NotFoundError(ApiError):
    """404: there is no such thing, or it is hidden from this app."""


class ChangedWhileReading(ApiError):  # noqa: N818 (named like the outcome that it is noted as)
    """The playlist kept changing while its pages were read, so no consistent snapshot was read."""
