"""Maps an error to the outcome of reading a part of a resource, and decides whether it ends the run."""

from sources.errors import (
    ApiError,
    ChangedWhileReading,
    CollisionError,
    ForbiddenError,
    NotFoundError,
    PlaylakeError,
    ScopeError,
    TryLaterError,
)


def outcome_of(error: PlaylakeError | None) -> str:
    """The outcome, as in `playlist_reads`, of what could not be read."""
    if isinstance(error, ChangedWhileReading):
        return "changed_while_reading"
    return "rate_limited" if isinstance(error, TryLaterError) else "failed"


def ends_run(error: PlaylakeError | None) -> bool:
    """Whether the next request would meet the same error. What other threads have read already is still kept."""
    return not isinstance(error, ApiError | CollisionError)


def is_not_available(error: PlaylakeError) -> bool:
    """Whether the app or the user's consent may not read it, while everything else may still be read."""
    return isinstance(error, ForbiddenError | NotFoundError | ScopeError)
