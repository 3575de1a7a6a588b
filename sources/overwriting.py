"""Which files may be overwritten: never a database or a file of a lake, and by some only those of their own kind."""

import re
from pathlib import Path

from sources.errors import ConfigurationError

HTML_REPORT = re.compile(rb'\s*<!doctype html>.*?<meta name="generator" content="playlake ', re.DOTALL)
"""How a report of playlake's begins."""

_START = 1 << 16
"""Bytes that are looked at."""


def holds_data(file: Path) -> bool:
    """Whether a file is a DuckDB database or has Parquet's rows, by what it begins with.

    https://duckdb.org/docs/stable/internals/storage, https://parquet.apache.org/docs/file-format/
    """
    return _is_data(_start(file))


def check_overwriting(file: Path, option: str, kind: re.Pattern[bytes] | None = None) -> None:
    """Refuses to overwrite a file that holds data, or is of another kind than what is to be written.

    Args:
        file: it need not exist; an empty one, and what is no file, as a pipe, may be written.
        option: the one that names the file.
        kind: how files of the kind begin; null if all but data may be overwritten.

    Raises:
        ConfigurationError: the file is not overwritten.
    """
    start = _start(file)
    if start and (_is_data(start) or (kind is not None and not kind.match(start))):
        what = "holds data" if _is_data(start) else "was not written by playlake"
        msg = f"{file} would be overwritten, but {what}: name another file with {option}, or move this one."
        raise ConfigurationError(msg)


def _is_data(start: bytes) -> bool:
    return start[8:12] == b"DUCK" or start.startswith(b"PAR1")


def _start(file: Path) -> bytes:
    try:
        if not file.is_file():
            return b""
        with file.open("rb") as stream:
            return stream.read(_START)
    except OSError:
        # Who may not read it may not write it either, which is told when that is tried.
        return b""
