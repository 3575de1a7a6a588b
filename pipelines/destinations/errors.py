"""Converts errors of dlt, DuckDB and the operating system into errors of our own tree."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
from dlt.common.configuration.exceptions import ConfigurationException
from dlt.common.destination.exceptions import DestinationException
from dlt.pipeline.exceptions import PipelineStepFailed

from pipelines.destinations.file_errors import cannot_open, disk_full, is_damaged, is_full
from pipelines.destinations.lake import Lake
from sources.errors import ConfigurationError, DestinationError, PlaylakeError

AT_FAULT = (DestinationException, duckdb.Error, OSError)
"""Of these the destination or the working folder is the cause, and not the program."""


def known(failure: BaseException, lake: Lake) -> BaseException:
    """The error of our own tree inside all wrapping, or one that says which step failed."""
    causes = list(_causes(failure))
    for cause in causes:
        if isinstance(cause, PlaylakeError | KeyboardInterrupt):
            return cause
    for cause in causes:
        if isinstance(cause, OSError | duckdb.Error) and is_full(cause):
            place = cause.filename if isinstance(cause, OSError) and cause.filename else lake.location
            return disk_full(str(place), _first_line(cause))
    damage = lake.backend.damage_in_load(causes)
    if damage is not None:
        return damage
    for cause in causes:
        if isinstance(cause, duckdb.Error) and (lake.backend.is_file_error(cause) or is_damaged(cause)):
            return cannot_open(Path(lake.location), cause)
        if isinstance(cause, ConfigurationException):
            msg = f"The settings of destination {lake.destination} are not complete: {str(cause).strip()}"
            return ConfigurationError(msg)
    return _failed(failure, causes, lake)


def _failed(failure: BaseException, causes: list[BaseException], lake: Lake) -> PlaylakeError:
    root = _root(failure)
    is_theirs = isinstance(root, AT_FAULT) or any(isinstance(cause, DestinationException) for cause in causes)
    step = failure.step if isinstance(failure, PipelineStepFailed) else "load"
    msg = (
        f"Loading into {lake.location or lake.destination} failed in step {step} ({_first_line(root)}): nothing that "
        "was stored is lost, and the next sync reads again what is missing. If it stops there too: playlake doctor."
    )
    return DestinationError(msg) if is_theirs else PlaylakeError(msg)


def _root(failure: BaseException) -> BaseException:
    """What went wrong first. dlt looks for files of a package that could not be made, and hides why."""
    error = failure
    while True:
        hidden = error.__context__ if isinstance(error, FileNotFoundError) else None
        cause = error.__cause__ or hidden
        if cause is None:
            return error
        error = cause


def _causes(failure: BaseException) -> Iterator[BaseException]:
    """The failure and all that led to it, the nearest first."""
    left, seen = [failure], set[int]()
    while left:
        error = left.pop(0)
        if id(error) not in seen:
            seen.add(id(error))
            yield error
            left += [cause for cause in (error.__cause__, error.__context__) if cause is not None]


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
