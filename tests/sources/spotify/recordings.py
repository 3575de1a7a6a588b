"""Recorded answers that hold playlists or entries, found by their shape, and what rows must come of them.

Expectations are worked out from the plain JSON, not with the code under test.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Recording:
    """One recorded playlist, page of entries or page of playlists."""

    name: str
    kind: str
    body: Json


def recordings(folder: Path) -> Iterator[Recording]:
    """All recordings of these kinds in a folder, bare or wrapped with their request."""
    for file in sorted(folder.rglob("*.json")):
        answer = json.loads(file.read_text())
        if isinstance(answer, dict) and "body" in answer and "status" in answer:
            answer = answer["body"]
        if isinstance(answer, dict) and isinstance(answer.get("playlists"), dict):
            answer = answer["playlists"]
        kind = _kind(answer)
        if kind is not None:
            yield Recording(str(file.relative_to(folder)), kind, answer)


def _kind(answer: object) -> str | None:
    if not isinstance(answer, dict):
        return None
    if answer.get("type") == "playlist":
        return "playlist"
    rows = [row for row in answer.get("items") or () if isinstance(row, dict)]
    if any("added_at" in row and ("track" in row or "item" in row) for row in rows):
        return "entries"
    return "playlists" if any(row.get("type") == "playlist" for row in rows) else None


def entries(recording: Recording) -> list[Json | None]:
    """The entries of a playlist or page; none of a playlist that was answered without its contents."""
    page = recording.body
    if recording.kind == "playlist":
        page = page.get("items") or page.get("tracks") or {"items": []}
    return list(page["items"])


def content(entry: Json | None) -> Json | None:
    """The track or episode of an entry."""
    found: Json | None = ((entry or {}).get("item") or (entry or {}).get("track")) or None
    return found


def expected_addition(entry: Json | None) -> Json:
    """What a row of `playlist_additions` says about an entry."""
    entry = entry or {}
    item = content(entry) or {}
    item_type = None if not item else "episode" if item["type"] == "episode" else "track"
    added_at = entry.get("added_at")
    local = entry.get("is_local", item.get("is_local"))
    return {
        "added_at": datetime.strptime(added_at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) if added_at else None,
        "added_by_id": (entry.get("added_by") or {}).get("id") or None,
        "item_uri": (item.get("linked_from") or item).get("uri"),
        "item_type": item_type,
        "track_id": item.get("id") if item_type == "track" else None,
        "episode_id": item.get("id") if item_type == "episode" else None,
        "is_local": local,
        "primary_color": entry.get("primary_color"),
        "video_thumbnail_url": (entry.get("video_thumbnail") or {}).get("url"),
    }


def served(recording: Recording) -> Json:
    """A recording as a playlist whose contents are one whole page: what was not recorded is not promised."""
    if recording.kind == "playlist":
        playlist = dict(recording.body)
    else:
        playlist = {"id": "0" * 22, "type": "playlist", "snapshot_id": "recorded", "tracks": recording.body}
    for name in ("tracks", "items"):
        if isinstance(playlist.get(name), dict):
            page = playlist[name]
            playlist[name] = page | {"total": len(page["items"]), "next": None, "offset": 0, "previous": None}
    return playlist
