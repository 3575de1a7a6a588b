"""Error messages for files and folders that cannot be opened, read or written."""

import errno
import json
import os
from pathlib import Path

import duckdb

from pipelines.destinations.dlt_errors import first_line
from sources.errors import DestinationError, TryLaterError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""The system's errors for a full disk or an exceeded quota."""
DAMAGED = (duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)
"""DuckDB's messages for a corrupt database."""
SIGNS_OF_DAMAGE = ("corrupt", "checksum", "truncated", "magic bytes", "could not read enough bytes")


def cannot_open(path: Path, error: Exception) -> DestinationError | TryLaterError:
    """What it means that DuckDB or the system does not open a file: held by another process, damaged, or refused."""
    reason = first_line(error)
    words = reason.lower()
    if path.is_dir() and isinstance(error, duckdb.Error):
        return DestinationError(f"{path} is a folder: name a file in it, or add --destination parquet.")
    if is_full(error):
        return disk_full(str(path), reason)
    if "set lock" in words or "file is already open" in words:
        return TryLaterError(f"{path} is open in another process ({reason}): close it there, then try again.")
    if "not a valid duckdb" in words:
        return DestinationError(
            f"{path} is not a DuckDB database ({reason}): nothing was changed; name another with --path."
        )
    if is_damaged(error):
        return DestinationError(f"{path} is damaged ({reason}): restore it from a backup, or name another with --path.")
    return DestinationError(f"{path} cannot be opened for writing ({reason}): name another with --path.")


def is_full(error: BaseException) -> bool:
    """Whether an error of the system's or of DuckDB's says that there is no more space."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in FULL
    return any(os.strerror(number) in str(error) for number in FULL)


def is_damaged(error: Exception) -> bool:
    """Whether an error of DuckDB's says that the contents of a file make no sense."""
    words = str(error).lower()
    return isinstance(error, DAMAGED) or any(part in words for part in SIGNS_OF_DAMAGE)


def disk_full(place: str, reason: str) -> DestinationError:
    """The error for a full disk."""
    return DestinationError(f"The disk is full: {place} ({reason}). Free some space; the next sync continues.")


def arrow_error() -> type[Exception]:
    """What all errors of Arrow are. It is imported only where something went wrong."""
    import pyarrow as pa

    return pa.ArrowException


def is_reading_error(error: BaseException | None) -> bool:
    """Whether an error may come from the contents of a file, and not from a statement."""
    return isinstance(error, (arrow_error(), OSError, UnicodeDecodeError, json.JSONDecodeError)) or (
        isinstance(error, duckdb.Error) and not isinstance(error, duckdb.ParserException | duckdb.BinderException)
    )
