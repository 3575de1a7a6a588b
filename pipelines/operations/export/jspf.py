"""JSPF, XSPF as JSON: https://www.xspf.org/jspf.

What it has no word for stands in each track's extension, in the words of the Web API's own document, whose address is
the extension's name.
"""

import json
from collections.abc import Sequence
from typing import Any

from pipelines.operations.export.contents import Contents, Entry
from pipelines.operations.export.exportify import as_sent
from pipelines.operations.export.style import Style

EXTENSION = "https://developer.spotify.com/documentation/web-api/reference/get-playlists-items"
ALL = "All playlists"


def written(lists: Sequence[Contents], style: Style) -> bytes:
    """A file. JSPF has one playlist a file, so in one for several each track's extension says from which it is."""
    tracks = [_track(entry, one if style.joined else None) for one in lists for entry in one.entries]
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
    return json.dumps({"playlist": {**_said(about), "track": tracks}}, ensure_ascii=False, indent=1).encode() + b"\n"


def _track(entry: Entry, of: Contents | None) -> dict[str, Any]:
    return _said(
        {
            "location": [entry.item_uri] if entry.item_uri else None,
            "identifier": [entry.item_uri] if entry.item_uri else None,
            "title": entry.title,
            "creator": entry.artists,
            "info": _page(entry.item_uri),
            "image": entry.image_url,
            "album": entry.album,
            "trackNum": entry.track_number,
            "duration": entry.duration_ms,
            "extension": {EXTENSION: [_extension(entry, of)]},
        }
    )


def _extension(entry: Entry, of: Contents | None) -> dict[str, Any]:
    return _said(
        {
            "added_at": as_sent(entry.added_at),
            "added_by": {"id": entry.added_by_id} if entry.added_by_id else None,
            "type": entry.item_type,
            "external_ids": {"isrc": entry.isrc} if entry.isrc else None,
            "playlist": {"id": of.list_id, "name": of.name} if of else None,
        }
    )


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _page(uri: str | None) -> str | None:
    """Where people find it in a browser; null for a local file."""
    parts = (uri or "").split(":")
    is_page = len(parts) == 3 and parts[0] == "spotify"
    return f"https://open.spotify.com/{parts[1]}/{parts[2]}" if is_page else None
