"""JSPF, XSPF as JSON: https://www.xspf.org/jspf.

Values that JSPF has no field for are in each track's extension, with the names of the Web API's reference; the URL of
that reference identifies the extension.
"""

import io
import json
from collections.abc import Sequence
from typing import Any

from pipelines.operations.export.contents import Contents, Item
from pipelines.operations.export.exportify import as_sent
from pipelines.operations.export.style import Style

EXTENSION = "https://developer.spotify.com/documentation/web-api/reference/get-playlists-items"
ALL = "All playlists"
TRACK, AFTER_TRACKS = "\n   ", "\n  "
"""How a line of a track begins, and the one that ends the list of tracks."""


def written(lists: Sequence[Contents], style: Style) -> bytes:
    """A file. JSPF has one playlist per file, so with several the extension of each track names its playlist."""
    about: dict[str, Any] = {"title": ALL}
    if not style.joined:
        (one,) = lists
        about = {
            "title": one.name,
            "creator": one.owner,
            "annotation": one.description,
            "info": _page(one.uri),
            "identifier": one.uri,
        }
    # Track by track, since the objects of a large file take ten times the memory of its text.
    begin, end = _json({"playlist": {**_said(about), "track": []}}).rsplit("[]", 1)
    file = io.BytesIO()
    file.write(f"{begin}[".encode())
    sign = ""
    for one in lists:
        for item in one.items:
            text = _json(_track(item, one if style.joined else None))
            # Line feeds within texts are escaped, other ends of lines are text.
            file.write((sign + TRACK + text.replace("\n", TRACK)).encode())
            sign = ","
    file.write(f"{AFTER_TRACKS if sign else ''}]{end}\n".encode())
    return file.getvalue()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _track(item: Item, of: Contents | None) -> dict[str, Any]:
    return _said(
        {
            "location": [item.item_uri] if item.item_uri else None,
            "identifier": [item.item_uri] if item.item_uri else None,
            "title": item.title,
            "creator": item.artists,
            "info": _page(item.item_uri),
            "image": item.image_url,
            "album": item.album,
            "trackNum": item.track_number,
            "duration": item.duration_ms,
            "extension": {EXTENSION: [_extension(item, of)]},
        }
    )


def _extension(item: Item, of: Contents | None) -> dict[str, Any]:
    return _said(
        {
            "added_at": as_sent(item.added_at),
            "added_by": {"id": item.added_by_id} if item.added_by_id else None,
            "type": item.item_type,
            "external_ids": {"isrc": item.isrc} if item.isrc else None,
            "playlist": {"id": of.list_id, "name": of.name} if of else None,
        }
    )


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _page(uri: str | None) -> str | None:
    """The page on open.spotify.com; null for a local file."""
    parts = (uri or "").split(":")
    is_page = len(parts) == 3 and parts[0] == "spotify"
    return f"https://open.spotify.com/{parts[1]}/{parts[2]}" if is_page else None
