"""CSV: UTF-8, a header, and line feeds at the end of lines."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Sequence

from pipelines.operations.cells import text_of
from pipelines.operations.csv_cells import guarded
from pipelines.operations.export.contents import Contents
from pipelines.operations.export.exportify import as_sent, header, rows
from pipelines.operations.export.style import Style


def written(lists: Sequence[Contents], style: Style) -> bytes:
    """A file with Exportify's columns."""
    file = io.BytesIO(BOM_UTF8 if style.bom else b"")
    file.seek(0, io.SEEK_END)
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    as_text = text_of if style.exact else guarded
    writer.writerow(header(joined=style.joined))
    writer.writerows([as_text(as_sent(value)) for value in row] for row in rows(lists, joined=style.joined))
    text.flush()
    return file.getvalue()
