"""Values as the cells of a CSV file for a spreadsheet, which takes no text for a formula."""

from decimal import Decimal
from typing import Any

from pipelines.operations.cells import text_of

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell begins with that a spreadsheet computes, also in the width of East Asian signs."""


def guarded(value: Any) -> str:
    """A value for a spreadsheet: https://owasp.org/www-community/attacks/CSV_Injection."""
    text = text_of(value)
    return f"'{text}" if text.startswith(FORMULAS) and not isinstance(value, int | float | Decimal) else text
