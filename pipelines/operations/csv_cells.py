"""Formats values as cells of a CSV file so that a spreadsheet does not treat text as a formula."""

from decimal import Decimal
from typing import Any

from pipelines.operations.cells import text_of

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters of cells that a spreadsheet treats as formulas, including full-width ones."""


def guarded(value: Any) -> str:
    """A value for a spreadsheet: https://owasp.org/www-community/attacks/CSV_Injection."""
    text = text_of(value)
    return f"'{text}" if text.startswith(FORMULAS) and not isinstance(value, int | float | Decimal) else text
