"""Exported files held against the views of the lake that they are from."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from unicodedata import category

from pipelines.destinations.lake import Lake
from tests.pipelines.operations.export.readers import Rows, read

FORMATS = ("csv", "xlsx", "m3u8", "jspf", "uris")
ENDINGS = {"csv": ".csv", "xlsx": ".xlsx", "m3u8": ".m3u8", "jspf": ".jspf", "uris": ".txt"}
ONLY_URIS = ("m3u8", "uris")


def in_views(lake: Lake, as_of: datetime | None = None) -> dict[str, Rows]:
    """The rows of `items`, or of `items_at` a time, of each playlist, in order, as the readers give them."""
    view = "items" if as_of is None else f"items_at('{as_of.isoformat()}')"
    with lake.open() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        rows = connection.execute(
            "SELECT playlist_id, item_uri, title, artists, album, epoch_ms(duration), added_at AT TIME ZONE 'UTC', "
            f"isrc, playlist FROM {view} ORDER BY playlist, playlist_id, place"
        ).fetchall()
    names = ("uri", "title", "artists", "album", "milliseconds", "added_at", "isrc", "playlist")
    found: dict[str, Rows] = defaultdict(list)
    for playlist_id, *values in rows:
        found[playlist_id].append(dict(zip(names, values, strict=True)))
    return dict(found)


def expected(rows: Iterable[dict[str, Any]], name: str) -> Rows:
    """What a file of a format has of these rows."""
    if name == "uris":
        return [{"uri": row["uri"]} for row in rows if row["uri"]]
    if name == "m3u8":
        return [_line(row) for row in rows if row["uri"]]
    # A cell cannot tell an empty text from none.
    return [{key: value if value != "" or name == "jspf" else None for key, value in row.items()} for row in rows]


def _line(row: dict[str, Any]) -> dict[str, Any]:
    shown = " - ".join(text for text in (row["artists"], row["title"]) if text) or row["uri"]
    length = row["milliseconds"]
    seconds = -1 if length is None else round(length / 1000)
    return {"uri": row["uri"], "shown": on_a_line(shown), "seconds": seconds, "playlist": on_a_line(row["playlist"])}


def on_a_line(text: str) -> str:
    """A text as it can stand on a line: signs that break or turn it are blanks."""
    obeyed = ("Cc", "Cf", "Cs", "Zl", "Zp")
    return "".join(" " if category(sign) in obeyed and sign not in "\u200c\u200d" else sign for sign in text)


def for_spreadsheets(value: Any) -> Any:
    """A value as CSV has it for spreadsheets: text that they would compute has a mark before it."""
    return f"'{value}" if isinstance(value, str) and re.match(r"[=+\-@\t\r\n＝＋－＠]", value) else value


def same(file: Path, name: str, rows: Rows, *, joined: bool = False) -> None:
    """Holds a file against what it should have in it."""
    found, wanted = read(file), expected(rows, name)
    if name == "csv":
        wanted = [{key: for_spreadsheets(value) for key, value in row.items()} for row in wanted]
    if name in ("csv", "xlsx") and not joined:
        wanted = [row | {"playlist": None} for row in wanted]
    for one, other in zip(found, wanted, strict=True):
        assert one == other, f"{file.name}: {one} and not {other}"
