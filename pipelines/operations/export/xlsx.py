"""XLSX: one sheet, with text, number, boolean and date cells; times are in UTC."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pipelines.operations.export.contents import Contents
from pipelines.operations.export.exportify import Value, as_sent, header, rows
from pipelines.operations.export.style import Style
from sources.errors import ConfigurationError

MADE = datetime(2020, 1, 1)  # noqa: DTZ001 (Excel knows no zones)
"""Creation time of every file, so that the same items give the same bytes."""

FIRST_TIME = 1900
"""The first year that Excel can store as a date; earlier times are written as text."""
MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
"""Limits of a sheet and of a cell: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3."""


def written(lists: Sequence[Contents], style: Style) -> bytes:
    """A file with Exportify's columns, a frozen header and filters.

    Raises:
        ConfigurationError: xlsxwriter is not installed, or Excel's limits are exceeded.
    """
    try:
        import xlsxwriter
    except ImportError:
        msg = (
            "XLSX needs a package that is missing: install playlake with its extra xlsx, as '.[xlsx]' in place of '.', "
            "or choose --format csv."
        )
        raise ConfigurationError(msg) from None
    names, count = header(joined=style.joined), sum(len(one.items) for one in lists)
    if count >= MOST_ROWS:
        msg = f"Excel allows {MOST_ROWS:,} rows, and the export has {count:,} and a header: choose --format csv."
        raise ConfigurationError(msg)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": MADE})
        formats = {
            "bold": book.add_format({"bold": True}),
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        sheet = book.add_worksheet("Items")
        for column, name in enumerate(names):
            sheet.write_string(0, column, name, formats["bold"])
        for row, cells in enumerate(rows(lists, joined=style.joined), 1):
            for column, value in enumerate(cells):
                _write(sheet, row, column, value, formats["time"])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, count, len(names) - 1)
        sheet.set_column(0, len(names) - 1, 20)
    return file.getvalue()


def _write(sheet: Any, row: int, column: int, value: Value, time: Any) -> None:
    """Writes a cell of the value's own type: text never becomes a formula, a number or a link.

    Raises:
        ConfigurationError: it is longer than Excel allows.
    """
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    elif isinstance(value, datetime) and value.year >= FIRST_TIME:
        sheet.write_datetime(row, column, value.astimezone(UTC).replace(tzinfo=None), time)
    elif value is not None:
        text = str(as_sent(value))
        if len(text) > MOST_CHARACTERS // 2 and len(text.encode("utf-16-le")) // 2 > MOST_CHARACTERS:
            msg = f"{text[:30]!r}… is longer than the {MOST_CHARACTERS:,} characters of a cell: choose --format csv."
            raise ConfigurationError(msg)
        sheet.write_string(row, column, text)
