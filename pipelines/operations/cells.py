"""Formats values as cells of a table on a terminal: text, width, truncation."""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from rich.cells import cell_len, chop_cells, set_cell_size

from sources.safe_text import printable

NULL = "NULL"
ELLIPSIS = "…"

_BREAKS = {"\r\n": "\\n", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BREAK = re.compile(r"\r\n|[\n\r\t]")


def text_of(value: Any) -> str:
    """A value as text, in every format but JSON: times in UTC to the second, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None, microsecond=0)) if value.tzinfo else str(value)
    if isinstance(value, timedelta) and value.microseconds:
        return str(value).rstrip("0")
    return str(value)


def shown_text(value: Any) -> str:
    """The same for people: null is distinguished from an empty text."""
    return NULL if value is None else text_of(value)


def cell_of(value: Any) -> str:
    """The same on one line: breaks and tabs are shown as a backslash and a letter."""
    return printable(_BREAK.sub(lambda found: _BREAKS[found[0]], shown_text(value)))


def is_short(value: Any) -> bool:
    """Whether a value is never truncated: part of a number or date would be misleading."""
    return isinstance(value, bool | int | float | Decimal | date | time | timedelta)


def is_number(value: Any) -> bool:
    """Whether a value is right-aligned."""
    return isinstance(value, int | float | Decimal | timedelta) and not isinstance(value, bool)


def fitted(text: str, width: int, *, right: bool = False) -> str:
    """A line that is exactly so many terminal columns wide; longer text is truncated with an ellipsis."""
    if (length := cell_len(text)) > width:
        text = set_cell_size(text, width - 1).rstrip() + ELLIPSIS
        length = cell_len(text)
    spaces = " " * (width - length)
    return spaces + text if right else text + spaces


def folded(text: str, width: int) -> list[str]:
    """A text wrapped to lines of at most so many columns; its own line breaks are kept."""
    lines: list[str] = []
    for line in printable(text).rstrip("\n").expandtabs(4).split("\n"):
        lines += chop_cells(line, width) if cell_len(line) > width else [line]
    return lines
