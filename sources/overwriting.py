"""Which files may be overwritten: those of the kind that is written, and never a database or a file of a lake."""

import re
from pathlib import Path

from sources.errors import ConfigurationError

HTML_REPORT = re.compile(rb'\s*<!doctype html>.*?<meta name="generator" content="playlake ', re.DOTALL)
JSON_REPORT = re.compile(rb"\s*\{")
"""How the kinds begin."""

_START = 1 << 16
"""Bytes that are looked at."""


def holds_data(file: Path) -> bool:
    """Whether a file is a DuckDB database or has Parquet's rows, by what it begins with.

    https://duckdb.org/docs/stable/internals/storage, https://parquet.apache.org/docs/file-format/
    """
    start = _start(file)
    return start[8:12] == b"DUCK" or start.startswith(b"PAR1")


def check_overwriting(file: Path, kind: re.Pattern[bytes], what: str, option: str) -> None:
    """Refuses to overwrite a file that is something else than what is to be written.

    Args:
        file: it need not exist; an empty one, and what is no file, as a pipe, may be written.
        kind: how files of the kind begin.
        what: the kind, for the message.
        option: the one that names the file.

    Raises:
        ConfigurationError: the file is something else.
    """
    start = _start(file)
    if start and not kind.match(start):
        msg = f"{file} would be overwritten, but is not {what}: name another file with {option}, or move this one."
        raise ConfigurationError(msg)


def _start(file: Path) -> bytes:
    try:
        if not file.is_file():
            return b""
        with file.open("rb") as stream:
            return stream.read(_START)
    except OSError:
        # Who may not read it may not write it either, which is told when that is tried.
        return b""
