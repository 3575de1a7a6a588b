"""Everything that may go wrong, for programs: each error has the exit code that the command ends with."""

from sources.errors import (
    ApiError,
    ChangedWhileReading,
    CollisionError,
    ConfigurationError,
    DestinationError,
    EditedElsewhereError,
    ForbiddenError,
    Interrupted,
    NotFoundError,
    PlaylakeError,
    ReplacedError,
    ScopeError,
    SignInError,
    TryLaterError,
    WrongClockError,
)

__all__ = [
    "ApiError",
    "ChangedWhileReading",
    "CollisionError",
    "ConfigurationError",
    "DestinationError",
    "EditedElsewhereError",
    "ForbiddenError",
    "Interrupted",
    "NotFoundError",
    "PlaylakeError",
    "ReplacedError",
    "ScopeError",
    "SignInError",
    "TryLaterError",
    "WrongClockError",
]
