"""Values as the cells of a CSV file, exact or such that a spreadsheet takes no text for a formula."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell begins with that a spreadsheet computes, also in the width of East Asian signs."""


def cell(value: Any) -> str:
    """A value as it is; times in UTC, to the second."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None, microsecond=0)) if value.tzinfo else str(value)
    return str(value)


def guarded(value: Any) -> str:
    """A value for a spreadsheet: https://owasp.org/www-community/attacks/CSV_Injection."""
    text = cell(value)
    return f"'{text}" if text.startswith(FORMULAS) and not isinstance(value, int | float | Decimal) else text
