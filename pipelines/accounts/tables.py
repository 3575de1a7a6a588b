"""An accounts file as tables of keys: TOML as people write it, or CSV as spreadsheets and databases do."""

import csv
import tomllib
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from sources.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Tables:
    """The contents of an accounts file, not validated.

    Attributes:
        defaults: keys that apply to every entry without them.
        entries: the keys of each entry.
        is_text: whether all values are texts.
    """

    defaults: dict[str, Any] = field(default_factory=dict)
    entries: list[dict[str, Any]] = field(default_factory=list)
    is_text: bool = False


def tables_of(file: Path) -> Tables:
    """Reads an accounts file.

    Raises:
        ConfigurationError: it cannot be read, or is not in its format.
    """
    try:
        # Spreadsheets and some editors begin a file with a byte order mark.
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        msg = f"{file} cannot be read ({error.strerror}): name the accounts file."
        raise ConfigurationError(msg) from None
    except UnicodeDecodeError:
        msg = f"{file} is not UTF-8: save it as UTF-8."
        raise ConfigurationError(msg) from None
    return _of_csv(file, text) if file.suffix.lower() == ".csv" else _of_toml(file, text)


def _of_toml(file: Path, text: str) -> Tables:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # Without the value, which may be a secret.
        msg = f"{file} is not valid TOML ({error}): fix that line."
        raise ConfigurationError(msg) from None
    if unknown := sorted(document.keys() - {"defaults", "account"}):
        msg = f"{file}: {unknown[0]} is not allowed in an accounts file: use [defaults] and [[account]]."
        raise ConfigurationError(msg)
    defaults, entries = document.get("defaults", {}), document.get("account", [])
    if not isinstance(defaults, dict):
        msg = f"{file}: defaults must be one table: write [defaults]."
        raise ConfigurationError(msg)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        msg = f"{file}: account must be tables: write [[account]], with two brackets, before each."
        raise ConfigurationError(msg)
    return Tables(defaults, entries)


def _of_csv(file: Path, text: str) -> Tables:
    """A row an account, a column a key; `refresh_token.env` and `refresh_token.file` say where it is."""
    rows = csv.DictReader(StringIO(text, newline=""), restkey="", restval="", strict=True)
    try:
        columns = [(name or "").strip() for name in rows.fieldnames or ()]
        entries = [_entry(file, rows.line_num, row) for row in rows]
    except csv.Error as error:
        msg = f"{file}, line {rows.line_num}, is not valid CSV ({error}): fix that line."
        raise ConfigurationError(msg) from None
    if "name" not in columns:
        msg = f"{file}: there is no column name: the first line names the columns."
        raise ConfigurationError(msg)
    if twice := [name for name in columns if columns.count(name) > 1]:
        msg = f"{file}: there are two columns {twice[0]}: leave one out."
        raise ConfigurationError(msg)
    return Tables(entries=entries, is_text=True)


def _entry(file: Path, line: int, row: dict[str, Any]) -> dict[str, Any]:
    if row.get(""):
        msg = f"{file}, line {line}, has more cells than there are columns: quote cells that hold commas."
        raise ConfigurationError(msg)
    entry: dict[str, Any] = {}
    for column, cell in row.items():
        if not (text := cell.strip()):
            continue
        key, dot, where = column.strip().partition(".")
        entry[key] = {where: text} if dot else text
    return entry
